"""The operator's commands: facts for people and for programs, refusals in one sentence."""

import json
from argparse import ArgumentParser
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from ordinavo.kernel.commands import OperatorCommand
from ordinavo.kernel.errors import Detail, ValidationFailed

FACTS = {"id": 1, "scopes": ["a", "b"], "expiresAt": None, "name": "Büro"}


class _Command(OperatorCommand):
    fault: Exception | None = None

    def arguments(self, parser: ArgumentParser) -> None:
        pass

    def perform(self, **options: Any) -> dict[str, Any]:
        if self.fault is not None:
            raise self.fault
        return FACTS


def _said(**options: Any) -> str:
    out = StringIO()
    call_command(_Command(), stdout=out, **options)
    return out.getvalue()


def test_people_and_programs_are_told_the_same() -> None:
    assert _said() == "id: 1\nscopes: a, b\nexpiresAt: none\nname: Büro\n"
    assert json.loads(_said(json=True)) == FACTS


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (ValidationFailed("Wrong.", details=[Detail("slug", "invalid", "Use a-z.")]), "slug: Use a-z."),
        (ValidationFailed("Wrong."), "Wrong."),
        (OperationalError("connection refused"), "The database of DATABASE_URL cannot be reached."),
    ],
)
def test_what_cannot_be_done_is_one_sentence(fault: Exception, sentence: str) -> None:
    command = _Command()
    command.fault = fault
    with pytest.raises(CommandError) as refused:
        call_command(command)
    assert str(refused.value) == sentence
