"""`manage.py webhook_listener`: see what is delivered."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ordinavo import env
from webhooks.delivery.signing import key_of
from webhooks.listener.receiver import Receiver, listen

_UNVERIFIED = (
    "No secret: signatures are not verified. Give the subscription's by --secret or WEBHOOK_SECRET\n"
    "(it is shown when a subscription is created and when its secret is rotated)."
)


class Command(BaseCommand):
    """Receives deliveries on this machine, verifies both kinds of signatures and prints what came."""

    help = "Receive webhook deliveries for development: verify their signatures and print them."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add where to listen, what to verify with, what to answer."""
        parser.add_argument(
            "--secret",
            action="append",
            default=[],
            help="whsec_…; repeatable during a rotation; also by WEBHOOK_SECRET (comma-separated)",
        )
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=9000)
        parser.add_argument(
            "--answer", type=int, default=204, help="status to answer (to see a retry: 500); default 204"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Listen until Ctrl-C."""
        secrets = options["secret"] or env.listing("WEBHOOK_SECRET")
        _refuse_nonsense(secrets, options["answer"], options["port"])
        if not secrets:
            self._say(_UNVERIFIED)
        receiver = Receiver(secrets=secrets, answer=options["answer"], say=self._say)
        try:
            listen(receiver, host=options["host"], port=options["port"])
        except OSError as exc:
            raise CommandError(f"Can't listen on port {options['port']}: {exc.strerror}.") from exc

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        # It may run in the background, or into a pipe.
        self.stdout.flush()


def _refuse_nonsense(secrets: list[str], answer: int, port: int) -> None:
    for secret in secrets:
        try:
            key_of(secret)
        except ValueError as exc:
            raise CommandError(f"{exc} Copy it whole.") from None
    if not 200 <= answer <= 599:
        raise CommandError("--answer must be a status from 200 to 599.")
    if not 1 <= port <= 65535:
        raise CommandError("--port must be a number from 1 to 65535.")
