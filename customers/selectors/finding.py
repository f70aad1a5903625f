"""Find customers by what a person types: exact values and starts of names, each through an index."""

from django.db.models import Q, QuerySet

from customers.matching.normalise import email_key, name_key
from customers.matching.phones import phone_key
from customers.models import Customer, ExternalReference, RecordKind
from ordinavo.tenants.models import Tenant

MOST_FOUND = 200


def named_like(term: str, *, country: str) -> Q:
    """Return the condition on customers: number, start of the name, e-mail or phone (in any spelling)."""
    found = Q(number=term) | Q(name_key__startswith=name_key(term)) | Q(email_key=email_key(term))
    phone = phone_key(term, country)
    return found | Q(phone_key=phone) if phone else found


def referenced_ids(term: str, *, tenant: Tenant | None, kind: RecordKind) -> list[int]:
    """Return the ids of the records that an outside system calls `term`."""
    references = _of(ExternalReference.objects.filter(kind=kind, external_id=term), tenant)
    return list(references.values_list(f"{kind.value}_id", flat=True)[:MOST_FOUND])


def customer_ids_like(term: str, *, tenant: Tenant | None) -> list[int]:
    """Return the ids of at most 200 customers that fit, for lists of what hangs on customers.

    Ids rather than a subquery: PostgreSQL can then combine the index on customers with that on external ids.
    """
    country = tenant.country if tenant else ""
    customers = _of(Customer.objects.filter(named_like(term, country=country)), tenant)
    ids = set(customers.order_by().values_list("pk", flat=True)[:MOST_FOUND])
    return sorted(ids.union(referenced_ids(term, tenant=tenant, kind=RecordKind.CUSTOMER)))


def _of(rows: "QuerySet[Customer] | QuerySet[ExternalReference]", tenant: Tenant | None) -> "QuerySet":  # type: ignore[type-arg]
    return rows.filter(tenant=tenant) if tenant else rows
