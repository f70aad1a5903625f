"""`manage.py sync_roles`: groups and their permissions as the apps declare them."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from ordinavo.desk.roles import sync_roles


class Command(BaseCommand):
    """Runs after every migrate by itself; harmless at any time."""

    help = "Give each role's group exactly the permissions that the apps declare."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--json", action="store_true", help="print role and number of permissions as JSON"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            counts = sync_roles()
        if options["json"]:
            self.stdout.write(json.dumps(counts))
        elif options["verbosity"]:
            for role, count in counts.items():
                self.stdout.write(f"{role}: {count} permissions")
