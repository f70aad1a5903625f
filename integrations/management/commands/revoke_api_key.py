"""`manage.py revoke_api_key`: from now on the key opens nothing."""

from argparse import ArgumentParser
from typing import Any

from integrations.selectors import key_named
from integrations.services.api_keys import revoke_key
from ordinavo.kernel.commands import OperatorCommand


class Command(OperatorCommand):
    """Revokes a key; harmless twice."""

    help = "Revoke an API key at once and for good."

    def arguments(self, parser: ArgumentParser) -> None:
        """Add which key."""
        parser.add_argument("key", help="id, visible start (fio_live_Ab3x) or the whole key")

    def perform(self, **options: Any) -> dict[str, Any]:
        """Revoke it."""
        key = revoke_key(key=key_named(options["key"]))
        return {
            "id": key.id,
            "client": key.client.name,
            "visibleStart": key.visible_start,
            "revokedAt": f"{key.revoked_at:%Y-%m-%dT%H:%M:%SZ}",
        }
