"""`manage.py issue_api_key`: a secret, shown this once."""

import re
from argparse import ArgumentParser, ArgumentTypeError
from datetime import timedelta
from typing import Any

from django.utils import timezone

from integrations.selectors import client_named
from integrations.services.api_keys import issue_key
from ordinavo.kernel.commands import OperatorCommand

_SPAN = re.compile(r"([1-9][0-9]{0,4})([dh])")


class Command(OperatorCommand):
    """Issues a key of a client."""

    help = "Issue an API key. The secret is printed once and can't be read again."

    def arguments(self, parser: ArgumentParser) -> None:
        """Add whose key and until when."""
        parser.add_argument("--client", required=True, help="id, or tenant/name (acme/ERP)")
        parser.add_argument("--label", default="", help="what the key is for")
        parser.add_argument("--expires-in", type=span, help="90d or 12h; without it the key does not expire")

    def perform(self, **options: Any) -> dict[str, Any]:
        """Issue it."""
        lifetime: timedelta | None = options["expires_in"]
        client = client_named(options["client"])
        key, secret = issue_key(
            client=client,
            label=options["label"],
            expires_at=None if lifetime is None else timezone.now() + lifetime,
        )
        return {
            "id": key.id,
            "client": client.name,
            "tenant": client.tenant.slug,
            "visibleStart": key.visible_start,
            "expiresAt": key.expires_at.strftime("%Y-%m-%dT%H:%M:%SZ") if key.expires_at else None,
            "secret": secret,
        }


def span(text: str) -> timedelta:
    """Return the time that `90d` (days) or `12h` (hours) stand for."""
    found = _SPAN.fullmatch(text)
    if found is None:
        raise ArgumentTypeError(f"{text} is no span of time: write 90d for days or 12h for hours.")
    return timedelta(days=int(found[1])) if found[2] == "d" else timedelta(hours=int(found[1]))
