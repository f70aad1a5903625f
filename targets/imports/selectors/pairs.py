"""What was sent, beside the customer that it turned out to be: what weights are learned from."""

from typing import Any

from customers.matching.drafts import CONTACT, CUSTOMER, LOCATION, RecordDraft, RecordSet
from customers.matching.mapping import CREATED, MAPPED
from customers.matching.names import read_name
from customers.matching.parties import party_of, read_address
from customers.matching.scoring import Party
from customers.matching.towns import Towns
from customers.models import Customer, Location
from customers.selectors.towns import towns_of
from ordinavo.tenants.models import Tenant
from targets.imports.models import ImportItem

_COLUMNS = {
    CUSTOMER: {"name": "name", "email": "email", "phone": "phone"},
    LOCATION: {"street": "street", "postalCode": "postal_code", "city": "city", "country": "country"},
    CONTACT: {"displayName": "display_name", "email": "email", "phone": "phone"},
}


def known_pairs(tenant: Tenant, *, most: int) -> list[tuple[Party, Party]]:
    """Return pairs from the newest imported items whose customer and location are known: four statements."""
    items = ImportItem.objects.filter(tenant=tenant, mapping_status__in=[MAPPED, CREATED])
    newest: list[tuple[Any, Any]] = list(items.order_by("-id").values_list("payload", "mapping")[:most])
    told = [(sent, found) for sent, found in newest if found["customerLocationId"] and found["customerId"]]
    customers = Customer.objects.in_bulk([found["customerId"] for _, found in told])
    places = Location.objects.in_bulk([found["customerLocationId"] for _, found in told])
    towns = towns_of(tenant)
    return [
        (
            _sent(payload, tenant.country, towns),
            _known(customers[mapping["customerId"]], places[place], towns),
        )
        for payload, mapping in told
        if (place := mapping["customerLocationId"]) in places and mapping["customerId"] in customers
    ]


def _sent(payload: dict[str, Any], country: str, towns: Towns) -> Party:
    drafts = {
        kind: RecordDraft(kind, "", _values(payload[kind], columns), path=kind)
        for kind, columns in _COLUMNS.items()
        if isinstance(payload.get(kind), dict)
    }
    return party_of(RecordSet(**drafts), country=country, towns=towns)


def _values(said: dict[str, Any], columns: dict[str, str]) -> dict[str, str]:
    return {column: str(said[name]) for name, column in columns.items() if said.get(name)}


def _known(customer: Customer, place: Location, towns: Towns) -> Party:
    return Party(
        names=(read_name(customer.name),),
        address=read_address(
            street=place.street,
            postcode=place.postal_code,
            city=place.city,
            country=place.country,
            towns=towns,
        ),
        phones=frozenset({customer.phone_key}) - {""},
        emails=frozenset({customer.email_key}) - {""},
    )
