"""Base of the operator's commands: `--json`, and every refusal as one sentence."""

import json
from abc import ABC, abstractmethod
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ordinavo.kernel.errors import DomainError
from ordinavo.kernel.postgres.away import AWAY


class OperatorCommand(BaseCommand, ABC):
    """A command that does one thing and tells what it did, for people or (`--json`) for programs."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add `--json`; subclasses add theirs in `arguments`."""
        parser.add_argument("--json", action="store_true", help="answer with one JSON object")
        self.arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what `perform` returns."""
        try:
            facts = self.perform(**options)
        except DomainError as refusal:
            raise CommandError(_sentence(refusal)) from refusal
        except AWAY as exc:
            raise CommandError("The database of DATABASE_URL cannot be reached.") from exc
        if options["json"]:
            self.stdout.write(json.dumps(facts, ensure_ascii=False))
            return
        for name, value in facts.items():
            self.stdout.write(f"{name}: {_shown(value)}")

    @abstractmethod
    def arguments(self, parser: ArgumentParser) -> None:
        """Add the command's own arguments."""

    @abstractmethod
    def perform(self, **options: Any) -> dict[str, Any]:
        """Do it; return the facts to print, names in camelCase."""


def _shown(value: Any) -> str:
    if value is None:
        return "none"
    return ", ".join(value) if isinstance(value, list) else str(value)


def _sentence(refusal: DomainError) -> str:
    faults = [f"{detail.path}: {detail.message}".removeprefix(": ") for detail in refusal.details]
    return " ".join(faults) or refusal.message
