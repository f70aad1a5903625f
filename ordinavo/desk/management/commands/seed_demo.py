"""`manage.py seed_demo`: the demo tenant for a first look and for the API's examples."""

import json
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ordinavo.desk.demo import seed
from ordinavo.tenants.models import Tenant

OWNER_ONLY = 0o600


class Command(BaseCommand):
    """A second run changes nothing as long as the credentials file is there and its keys work."""

    help = "Make the demo tenant once, with logins, clients, templates and customers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--credentials", type=Path, help="file that keeps logins and keys (mode 0600)")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")
        parser.add_argument("--force", action="store_true", help="also into a database with other tenants")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["force"]:
            _refuse_others()
        made = seed.seed()
        path: Path | None = options["credentials"]
        told = _told(path)
        renewed = made or (path is not None and told is None)
        if renewed:
            told = seed.renew_credentials().as_json()
            if path is not None:
                _keep(path, told)
        result = {"tenant": seed.SLUG, "created": made, "credentialsRenewed": renewed, **(told or {})}
        self._say(result, path, as_json=options["json"])

    def _say(self, result: dict[str, Any], path: Path | None, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(result))
            return
        self.stdout.write(f"Demo tenant {'made' if result['created'] else 'is there already'}.")
        if path is not None:
            self.stdout.write(
                f"Logins and keys: {path}{' (renewed)' if result['credentialsRenewed'] else ''}"
            )
            return
        for login in result.get("logins", []):
            self.stdout.write(f"{login['role']:<11}{login['email']:<26}{login['password']}")
        if "apiKey" in result:
            self.stdout.write(f"live key    {result['apiKey']}\ntest key    {result['testApiKey']}")


def _refuse_others() -> None:
    # Tenants that came after the demo are somebody's trial of it.
    if Tenant.objects.exists() and not Tenant.objects.filter(slug=seed.SLUG).exists():
        raise CommandError("There are other tenants: this looks like real data. Use --force if you mean it.")


def _told(path: Path | None) -> dict[str, Any] | None:
    """Return the credentials of the file, or None where it is missing, broken or out of date."""
    if path is None or not path.is_file():
        return None
    try:
        credentials = json.loads(path.read_text())
    except ValueError:
        return None
    return credentials if isinstance(credentials, dict) and seed.works(credentials) else None


def _keep(path: Path, credentials: dict[str, Any]) -> None:
    # Beside it first, then renamed: a reader never finds half a file, and it is private from its first byte.
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "w") as file:
        json.dump(credentials, file, indent=2)
    fresh.replace(path)
