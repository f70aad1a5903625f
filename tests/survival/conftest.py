"""One stage for all tests of survival: servers, web and beat stay, workers come and go with each test."""

from collections.abc import Generator, Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests.survival.erp import Erp
from tests.survival.stage import Stage


@pytest.fixture
def stage(_lasting_stage: Stage, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    """The stage, with an empty broker, without a worker; the models look at its database."""
    _lasting_stage.mend()
    _lasting_stage.broker.flushall()
    with django_db_blocker.unblock(), _lasting_stage.seen():
        yield _lasting_stage
        _lasting_stage.end_all(but=("postgres", "valkey", "web", "beat"))


@pytest.fixture
def erp(stage: Stage) -> Erp:
    return Erp(stage.port)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what the processes said last when a test of survival fails."""
    report = yield
    stage = getattr(item, "funcargs", {}).get("stage")
    if report.when == "call" and report.failed and isinstance(stage, Stage):
        report.sections.append(("What the processes said last", stage.last_words()))
    return report
