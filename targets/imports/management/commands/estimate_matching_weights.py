"""`manage.py estimate_matching_weights`: learn from what a tenant's imports turned out to be."""

from argparse import ArgumentParser
from typing import Any

from customers.services.estimating import adopt_weights, estimate_weights
from integrations.selectors import tenant_named
from ordinavo.kernel.commands import OperatorCommand
from targets.imports.selectors.pairs import known_pairs

_MOST = 10_000


class Command(OperatorCommand):
    """Estimates weights; adopts them only if asked to."""

    help = "Estimate the weights of matching from a tenant's imports and managers' decisions."

    def arguments(self, parser: ArgumentParser) -> None:
        """Add whose, and what to do with them."""
        parser.add_argument("--tenant", required=True, help="slug of the tenant")
        parser.add_argument("--adopt", action="store_true", help="let the tenant's searches use them")
        parser.add_argument("--shipped", action="store_true", help="go back to the shipped weights")

    def perform(self, **options: Any) -> dict[str, Any]:
        """Estimate, and adopt or go back if asked."""
        tenant = tenant_named(options["tenant"])
        if options["shipped"]:
            adopt_weights(tenant=tenant, weights=None)
            return {"tenant": tenant.slug, "weights": "shipped"}
        pairs = known_pairs(tenant, most=_MOST)
        weights = estimate_weights(tenant=tenant, pairs=pairs)
        if options["adopt"]:
            adopt_weights(tenant=tenant, weights=weights)
        return {
            "tenant": tenant.slug,
            "pairs": len(pairs),
            "adopted": options["adopt"],
            "weights": weights if options["json"] else "told with --json",
        }
