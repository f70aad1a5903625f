"""What a manager has to know before deciding about a record in doubt."""

from typing import Any

from customers.matching.drafts import CUSTOMER, RecordDraft
from customers.models import Contact, Customer, Location, RecordKind
from targets.imports.models import MappingReview

RECORD_MODELS: dict[str, type[Customer | Location | Contact]] = {
    RecordKind.CUSTOMER: Customer,
    RecordKind.LOCATION: Location,
    RecordKind.CONTACT: Contact,
}
_NAMES = {
    RecordKind.CUSTOMER: ("name",),
    RecordKind.LOCATION: ("name", "street", "city"),
    RecordKind.CONTACT: ("display_name", "email", "phone"),
}


def customers_waiting(review: MappingReview) -> list[Customer]:
    """Return the customers of the targets that wait: at most two, for one is the answer and two are none."""
    rows = Customer.objects.filter(tenant=review.tenant_id, targets__import_items__reviews__review=review)
    return list(rows.distinct()[:2])


def why_not_created(review: MappingReview, draft: RecordDraft, customers: list[Customer]) -> str:
    """Return why no record can be made of what was sent, or ""."""
    if not any(draft.values.get(column) for column in _NAMES[RecordKind(review.kind)]):
        return f"Without a name no {review.kind} can be created."
    if review.kind == CUSTOMER:
        return ""
    if not customers:
        return f"The customer of the {review.kind} must be known first."
    if len(customers) > 1:
        return "The imports that wait are for different customers."
    return "" if customers[0].active else "The customer is inactive."


def records_of(review: MappingReview) -> Any:
    """Return the tenant's own records that the review may be linked to, with their customers."""
    rows: Any = RECORD_MODELS[review.kind].objects.filter(tenant=review.tenant_id)
    return rows if review.kind == CUSTOMER else rows.select_related("customer")
