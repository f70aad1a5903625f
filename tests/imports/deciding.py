"""Short words for tests of reviews: two customers with one number, and what stands in the database."""

from typing import Any

from customers.models import Alias, Contact, Customer, ExternalReference, Location, RefusedPair
from ordinavo.tenants.models import Tenant
from targets.imports.models import ImportItem, ImportJob, MappingReview, ReviewDecision, ReviewedItem
from targets.models import Target

SENT = {"externalId": "C-1", "name": "Rhein Ruhr GmbH", "customerNumber": "K-1"}


def open_review(**fields: Any) -> MappingReview:
    """The one open review."""
    return MappingReview.objects.get(status="open", **fields)


def decision() -> ReviewDecision:
    """The newest decision."""
    found = ReviewDecision.objects.order_by("-id").first()
    assert found is not None
    return found


def state(tenant: Tenant) -> dict[str, Any]:
    """All that a decision may write and its undoing must put back, but for revisions and times."""
    return {
        "reviews": sorted(
            MappingReview.objects.filter(tenant=tenant).values_list(
                "id", "status", "chosen_id", "decided_by", "kind", "record_key"
            )
        ),
        "waits": sorted(ReviewedItem.objects.values_list("review", "item")),
        "references": sorted(
            (row.kind, row.external_id, row.record.pk, row.matched_by)
            for row in ExternalReference.objects.filter(tenant=tenant)
        ),
        "aliases": sorted(Alias.objects.values_list("customer", "location", "name")),
        "refused": sorted(RefusedPair.objects.values_list("kind", "record_key", "record_id")),
        "targets": [
            (row.pk, row.customer_id, row.location_id, row.contact_id, row.mapping)
            for row in Target.objects.order_by("pk")
        ],
        "items": [
            (row.pk, row.mapping, row.mapping_status, row.draft) for row in ImportItem.objects.order_by("pk")
        ],
        "jobs": sorted(ImportJob.objects.values_list("id", "needs_review_items", "warning_items")),
        "customers": sorted(Customer.objects.values_list("id", "name", "name_key", "number", "email")),
        "locations": sorted(Location.objects.values_list("id", "name", "customer")),
        "contacts": sorted(Contact.objects.values_list("id", "display_name", "customer")),
    }
