"""`manage.py create_tenant`: a company and its test twin."""

from argparse import ArgumentParser
from typing import Any

from ordinavo.kernel.commands import OperatorCommand
from ordinavo.tenants.services.tenants import Region, create_tenant

REGION = Region()


class Command(OperatorCommand):
    """Makes a tenant."""

    help = "Make a tenant and its test twin."

    def arguments(self, parser: ArgumentParser) -> None:
        """Add the tenant's facts."""
        parser.add_argument("--slug", required=True, help="short name in a-z, 0-9 and hyphens")
        parser.add_argument("--name", required=True)
        parser.add_argument("--time-zone", default=REGION.time_zone, help="IANA name (default: %(default)s)")
        parser.add_argument("--country", default=REGION.country, help="ISO 3166-1 (default: %(default)s)")
        parser.add_argument("--currency", default=REGION.currency, help="ISO 4217 (default: %(default)s)")

    def perform(self, **options: Any) -> dict[str, Any]:
        """Make it."""
        tenant = create_tenant(
            slug=options["slug"],
            name=options["name"],
            region=Region(options["time_zone"], options["country"], options["currency"]),
        )
        return {"id": tenant.id, "slug": tenant.slug, "name": tenant.name, "testTwin": tenant.twin.slug}
