"""Customers, locations, contacts and references for tests."""

from typing import Any

from customers.models import Contact, Customer, ExternalReference, Location
from customers.services.records import with_keys
from integrations.models import SourceSystem
from ordinavo.tenants.models import Tenant


def customer(tenant: Tenant, **fields: Any) -> Customer:
    """A stored customer with its keys."""
    row = with_keys(Customer(tenant=tenant, **{"name": "Rhein Ruhr Maschinenbau", **fields}))
    row.save()
    return row


def location(of: Customer, **fields: Any) -> Location:
    """A stored location of the customer."""
    row = with_keys(Location(tenant=of.tenant, customer=of, **{"name": "Werk Essen", **fields}))
    row.save()
    return row


def contact(of: Customer, **fields: Any) -> Contact:
    """A stored contact of the customer."""
    row = with_keys(Contact(tenant=of.tenant, customer=of, **{"display_name": "Anna Weber", **fields}))
    row.save()
    return row


def refer(
    source: SourceSystem, external_id: str, record: Any, *, matched_by: str = "created"
) -> ExternalReference:
    """Let the source system call the record by this id."""
    kind = record._meta.model_name
    return ExternalReference.objects.create(
        tenant=source.tenant,
        source_system=source,
        kind=kind,
        external_id=external_id,
        matched_by=matched_by,
        **{kind: record},
    )


def called(source: SourceSystem) -> dict[tuple[str, str], tuple[int, str]]:
    """All references of a source system: kind and external id to record id and how it was matched."""
    return {
        (row.kind, row.external_id): (row.record.pk, row.matched_by)
        for row in ExternalReference.objects.filter(source_system=source)
    }
