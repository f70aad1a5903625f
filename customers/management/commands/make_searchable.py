"""`manage.py make_searchable`: write the keys of a tenant's customers now rather than by beat."""

from argparse import ArgumentParser
from typing import Any

from customers.models import MatchingProfile
from customers.services.refreshing import refresh_matching
from customers.services.search_keys import build_search_keys
from integrations.selectors import tenant_named
from ordinavo.kernel.commands import OperatorCommand


class Command(OperatorCommand):
    """Makes customers ready for searches by name and address, in short transactions; can be repeated."""

    help = "Make a tenant's customers ready to be found by name and address; count what is frequent anew."

    def arguments(self, parser: ArgumentParser) -> None:
        """Add whose."""
        parser.add_argument("--tenant", required=True, help="slug of the tenant")

    def perform(self, **options: Any) -> dict[str, Any]:
        """Write all keys, or mend them if they are written already."""
        tenant = tenant_named(options["tenant"])
        if tenant.keeps_search_keys:
            refresh_matching(tenant=tenant)
        while not build_search_keys(tenant=tenant):
            pass
        profile = MatchingProfile.objects.get(tenant=tenant)
        return {"tenant": tenant.slug, "customers": profile.customers, "sites": profile.sites}
