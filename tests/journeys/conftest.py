"""Journeys: a whole product with real workers, a real browser and a real receiver."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys.company import Company, Moods
from tests.journeys.people import Person
from tests.survival.conftest import pytest_runtest_makereport, stage
from tests.survival.stage import Stage
from tests.webhooks.beside import beside

__all__ = ["pytest_runtest_makereport", "stage"]


@pytest.fixture
def company(stage: Stage) -> Iterator[Company]:
    """A company on a stage where everybody is at work, with a receiver outside."""
    for name in ("worker", "webhooks", "routes"):
        stage.start(name)
    moods = Moods()
    with beside(moods.behave) as receiver:
        yield Company(stage, receiver, moods)


@pytest.fixture
def manager(company: Company, chromium: Browser) -> Iterator[Person]:
    """A manager in front of the admin."""
    with Person.at(chromium, company.url) as person:
        yield person


@pytest.fixture
def employee(company: Company, chromium: Browser) -> Iterator[Person]:
    """An employee with a phone, in MyDay."""
    with Person.at(chromium, company.url, phone=True) as person:
        yield person
