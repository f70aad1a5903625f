"""Known customers in the database, and arrivals mapped against them as imports do it."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from customers.matching.drafts import CUSTOMER, LOCATION, RecordDraft, RecordSet
from customers.matching.judge import Step, Verdict
from customers.matching.normalise import email_key, name_key
from customers.matching.phones import phone_key
from customers.matching.policy import EXTERNAL_ID_THEN_NAME_AND_ADDRESS, MappingPolicy
from customers.models import Customer, Location
from customers.services.mapping import Mapper
from customers.services.search_keys import build_search_keys
from integrations.models import SourceSystem
from ordinavo.kernel.copies import draw_ids
from ordinavo.kernel.sets import Row, copy_rows
from ordinavo.tenants.models import Tenant
from tests import factories
from tests.bench.matching.records import Arrival, Known

KINDS = frozenset({"customer", "location", "contact"})
POLICY = MappingPolicy(
    strategy=EXTERNAL_ID_THEN_NAME_AND_ADDRESS, create=KINDS, update=frozenset(), may_write=True
)
_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Ground:
    """A tenant whose customers are known; `ids` are theirs, in the order of the set."""

    tenant: Tenant
    source_system: SourceSystem
    ids: Sequence[int]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one arrival: who was linked (a position in the set), and who was offered."""

    verdict: Verdict
    linked: int | None
    offered: tuple[int, ...]
    asked: bool


def prepare(known: Sequence[Known], *, country: str = "DE") -> Ground:
    """Store the set for a new tenant and make it ready for searches."""
    tenant = factories.tenant(country=country)
    ids: list[int] = []
    for start in range(0, len(known), _AT_ONCE):
        ids += _store(tenant, known[start : start + _AT_ONCE])
    began = time.perf_counter()
    while not build_search_keys(tenant=tenant):
        pass
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE customers_customer, customers_location, customers_searchkey")
    print(f"  {len(ids):,} customers made searchable in {time.perf_counter() - began:.0f} s", flush=True)
    return Ground(tenant, factories.source_system(tenant), ids)


def ask_each(
    ground: Ground, arrivals: Sequence[Arrival], *, at_once: int = 1
) -> Iterator[tuple[Outcome, float]]:
    """Map arrivals, so many in one set; each with the seconds that it took. Nothing is written."""
    position = {pk: n for n, pk in enumerate(ground.ids)}
    for start in range(0, len(arrivals), at_once):
        records = [_records(start + n, one) for n, one in enumerate(arrivals[start : start + at_once])]
        began = time.perf_counter()
        with transaction.atomic():
            mapper = Mapper.load(
                tenant=ground.tenant, source_system=ground.source_system, policy=POLICY, records=records
            )
            mappings = [mapper.propose(one, current=None) for one in records]
        each = (time.perf_counter() - began) / len(records)
        for mapping in mappings:
            yield _outcome(mapping.verdicts[CUSTOMER][1], position), each


def _outcome(verdict: Verdict, position: dict[int, int]) -> Outcome:
    linked = position[verdict.record.pk] if verdict.step is Step.LINK else None
    offered = tuple(position[one.pk] for one in verdict.candidates if one.pk in position)
    return Outcome(verdict, linked, offered, verdict.step is Step.ASK)


def _records(number: int, arrival: Arrival) -> RecordSet:
    customer = {"name": arrival.name, "phone": arrival.phone, "email": arrival.email}
    place = {"street": arrival.street, "postal_code": arrival.postal_code, "city": arrival.city}
    return RecordSet(
        customer=RecordDraft(CUSTOMER, f"C-{number}", _sent(customer), path=CUSTOMER),
        location=RecordDraft(LOCATION, f"L-{number}", _sent(place), path=LOCATION),
    )


def _sent(values: dict[str, str]) -> dict[str, str]:
    return {column: value for column, value in values.items() if value}


def _store(tenant: Tenant, known: Sequence[Known]) -> list[int]:
    ids = list(draw_ids(Customer, len(known)))
    shared = {"tenant_id": tenant.pk, "active": True, "default_priority": ""}
    shared |= dict.fromkeys(("created_at", "updated_at"), timezone.now().isoformat())
    customers: list[Row] = [
        {**shared, "id": pk, **_customer(one, tenant.country)} for pk, one in zip(ids, known, strict=True)
    ]
    copy_rows(Customer, customers)
    places: list[Row] = [
        {
            **shared,
            "customer_id": pk,
            "name": place.line or place.city,
            "name_key": name_key(place.line or place.city),
            "street": place.line,
            "postal_code": place.postal_code,
            "city": place.city,
            "country": tenant.country,
            "access_notes": "",
            "parking_notes": "",
        }
        for pk, one in zip(ids, known, strict=True)
        for place in one.places
    ]
    copy_rows(Location, places)
    return ids


def _customer(known: Known, country: str) -> dict[str, str]:
    return {
        "number": "",
        "name": known.name,
        "name_key": name_key(known.name),
        "type": "",
        "industry": "",
        "email": known.email,
        "email_key": email_key(known.email),
        "phone": known.phone,
        "phone_key": phone_key(known.phone, country) if known.phone else "",
    }
