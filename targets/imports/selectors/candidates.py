"""What a manager looks at to tell candidates apart: places, last events, the distance on the ground."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from customers.matching.distance import kilometres
from customers.models import Customer, Location, TimelineEntry
from targets.imports.models import MappingReview

EVENTS, SITES = 3, 3

Point = tuple[float, float]


def last_events(records: Sequence[Any]) -> dict[int, list[TimelineEntry]]:
    """Return the newest three lines of each record's history: one statement for a few records."""
    if not records:
        return {}
    first, *others = (_events(record) for record in records)
    found: dict[int, list[TimelineEntry]] = defaultdict(list)
    for entry in first.union(*others, all=True) if others else first:
        found[entry.subject_id].append(entry)
    return {pk: sorted(entries, key=lambda one: -one.pk) for pk, entries in found.items()}


def sites_of(records: Sequence[Any]) -> dict[int, list[Location]]:
    """Return the newest three active locations of each customer: one statement, none for other records."""
    customers = [record for record in records if isinstance(record, Customer)]
    if not customers:
        return {}
    first, *others = (_sites(customer) for customer in customers)
    found: dict[int, list[Location]] = defaultdict(list)
    for site in first.union(*others, all=True) if others else first:
        found[site.customer_id].append(site)
    return dict(found)


def metres_away(
    review: MappingReview, record: Any, sites: Sequence[Location], sent: Point | None
) -> int | None:
    """Return how far the record, or the nearest of these places, is from where the sender says it is.

    The engine's own figure wins, since it looked at all places of a customer.
    """
    told = [one.get("distanceMeters") for one in review.candidates if one["id"] == record.pk]
    if told and told[0] is not None:
        return round(float(told[0]))
    places = [record] if isinstance(record, Location) else list(sites)
    points = [point for place in places if (point := point_of(place.latitude, place.longitude))]
    if sent is None or not points:
        return None
    return round(1000 * min(kilometres(sent, point) for point in points))


def point_sent(review: MappingReview, payload: Any) -> Point | None:
    """Return the coordinates that came with the record, else those of the place in the same item."""
    own = point_of(review.record.get("latitude"), review.record.get("longitude"))
    if own is not None or not isinstance(payload, Mapping):
        return own
    for name in ("location", "address"):
        place = payload.get(name)
        if isinstance(place, Mapping) and (point := point_of(place.get("latitude"), place.get("longitude"))):
            return point
    return None


def point_of(latitude: Any, longitude: Any) -> Point | None:
    """Return a point on earth, None for what is none."""
    numbers = (latitude, longitude)
    if not all(isinstance(number, int | float) and not isinstance(number, bool) for number in numbers):
        return None
    return (float(latitude), float(longitude)) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def _events(record: Any) -> Any:
    rows = TimelineEntry.objects.filter(
        tenant=record.tenant_id, subject_type=record._meta.label_lower, subject_id=record.pk
    )
    return rows.order_by("-id")[:EVENTS]


def _sites(customer: Customer) -> Any:
    rows = Location.objects.filter(tenant=customer.tenant_id, customer=customer, active=True)
    return rows.order_by("-id")[:SITES]
