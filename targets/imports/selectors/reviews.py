"""What a manager has to know before deciding about a record in doubt."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from customers.matching.drafts import CUSTOMER
from customers.matching.normalise import name_key
from customers.models import Contact, Customer, Location, RecordKind
from customers.selectors.finding import customer_ids_like, named_like, referenced_ids
from targets.imports.models import ImportItem, MappingReview, ReviewedItem

RECORD_MODELS: dict[str, type[Customer | Location | Contact]] = {
    RecordKind.CUSTOMER: Customer,
    RecordKind.LOCATION: Location,
    RecordKind.CONTACT: Contact,
}
# What a manager may correct of a record while linking.
CORRECTABLE: dict[str, tuple[str, ...]] = {
    RecordKind.CUSTOMER: ("name", "number", "type", "industry", "email", "phone"),
    RecordKind.LOCATION: ("name", "street", "postal_code", "city", "country", "latitude", "longitude"),
    RecordKind.CONTACT: ("display_name", "role", "email", "phone"),
}
MOST_CANDIDATES = 5
MOST_FOUND = 20
ITEMS_SHOWN = 20
_NAMES = {
    RecordKind.CUSTOMER: ("name",),
    RecordKind.LOCATION: ("name", "street", "city"),
    RecordKind.CONTACT: ("display_name", "email", "phone"),
}


def with_waiting(reviews: QuerySet[MappingReview]) -> QuerySet[Any]:
    """Return the reviews with `waiting_count`, how many items wait for each, in the same statement."""
    waiting = ReviewedItem.objects.filter(review=OuterRef("pk")).values("review").annotate(n=Count("pk"))
    count = Coalesce(Subquery(waiting.values("n"), output_field=IntegerField()), 0)
    return reviews.annotate(waiting_count=count)


def customers_waiting(review: MappingReview) -> list[Customer]:
    """Return the customers of the targets that wait: at most two, for one is the answer and two are none."""
    rows = Customer.objects.filter(tenant=review.tenant_id, targets__import_items__reviews__review=review)
    return list(rows.distinct()[:2])


def why_not_created(review: MappingReview, said: Mapping[str, Any], customers: Sequence[Customer]) -> str:
    """Return why no record can be made of what was said, or ""."""
    if not any(said.get(column) for column in _NAMES[RecordKind(review.kind)]):
        return f"Without a name no {review.kind} can be created."
    if review.kind == CUSTOMER:
        return ""
    if not customers:
        return f"The customer of the {review.kind} must be known first."
    if len(customers) > 1:
        return "The imports that wait are for different customers."
    return "" if customers[0].active else "The customer is inactive."


def records_of(review: MappingReview) -> QuerySet[Any]:
    """Return the tenant's own records of the review's kind, with tenants and customers."""
    rows: QuerySet[Any] = RECORD_MODELS[review.kind].objects.filter(tenant=review.tenant_id)
    return rows.select_related("tenant", *(() if review.kind == CUSTOMER else ("customer",)))


def candidates_of(review: MappingReview) -> list[Any]:
    """Return the records that the review offers, in its order."""
    ids = [candidate["id"] for candidate in review.candidates[:MOST_CANDIDATES]]
    found = {record.pk: record for record in records_of(review).filter(pk__in=ids)}
    return [found[pk] for pk in ids if pk in found]


def chosen_of(review: MappingReview) -> Any:
    """Return the record that a closed review was linked to, or None."""
    return records_of(review).filter(pk=review.chosen_id).first() if review.chosen_id else None


def newest_items(review: MappingReview) -> list[ImportItem]:
    """Return the newest items that wait, with jobs and targets."""
    rows = ImportItem.objects.filter(reviews__review=review).select_related("job", "target")
    return list(rows.order_by("-pk")[:ITEMS_SHOWN])


def find_records(review: MappingReview, term: str, customers: Sequence[Customer]) -> list[Any]:
    """Return at most twenty active records that `term` names: by number, start of the name, external id.

    Where one customer is known, only its locations or contacts count, all of them without a term.
    """
    rows = records_of(review).filter(active=True).order_by("-pk")
    if review.kind != CUSTOMER and len(customers) == 1:
        rows = rows.filter(customer=customers[0])
        found = Q(name_key__startswith=name_key(term)) | _called(review, term) if term else Q()
    elif not term:
        return []
    elif review.kind == CUSTOMER:
        found = named_like(term, country=review.tenant.country) | _called(review, term)
    else:
        ids = customer_ids_like(term, tenant=review.tenant)
        found = _called(review, term) | Q(customer_id__in=ids)
    return list(rows.filter(found)[:MOST_FOUND])


def _called(review: MappingReview, term: str) -> Q:
    return Q(pk__in=referenced_ids(term, tenant=review.tenant, kind=RecordKind(review.kind)))
