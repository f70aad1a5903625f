"""The stage of a test session: servers, web and beat start once, whichever folder asks for them first."""

from collections.abc import Iterator
from contextlib import closing, suppress
from http.client import HTTPException

import pytest
from django.core.management import call_command
from pytest_django import DjangoDbBlocker

from ordinavo.local import sessions
from tests.survival.stage import PROJECT, Stage, wait


@pytest.fixture(scope="session")
def _lasting_stage(django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    # Registered like a throw-away session, so that the next one tidies up after us if we are killed.
    with sessions.session(PROJECT / ".local") as (_, folder), closing(Stage(folder)) as stage:
        stage.raise_curtain()
        with django_db_blocker.unblock(), stage.seen():
            call_command("migrate", verbosity=0)
        wait(lambda: _answers(stage), "the web server answers", seconds=20)
        yield stage


def _answers(stage: Stage) -> bool:
    with suppress(OSError, HTTPException), closing(stage.knock()) as link:
        return link.getresponse().status == 200
    return False
