"""For the day on which nobody can help from within: the last administrator's phone is gone."""

from argparse import ArgumentParser
from typing import Any

from ordinavo.kernel.commands import OperatorCommand
from ordinavo.kernel.errors import NotFound
from ordinavo.tenants.models import User
from ordinavo.tenants.services import lockout, second_factor


class Command(OperatorCommand):
    """Takes a person's second factor away and unlocks them; the password stays."""

    help = "Remove a person's second factor and unlock their account."

    def arguments(self, parser: ArgumentParser) -> None:
        """Take the address."""
        parser.add_argument("email", help="the address that the person logs in with")

    def perform(self, **options: Any) -> dict[str, Any]:
        """Reset, unlock, and say what was there to be done."""
        user = User.objects.filter(email=options["email"].strip().lower()).first()
        if user is None:
            raise NotFound("Nobody logs in with this address.")
        return {
            "secondFactorRemoved": second_factor.remove(user=user, actor=None),
            "unlocked": lockout.unlock(user=user, actor=None),
        }
