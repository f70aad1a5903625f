"""What the page of a review shows of each candidate, and of what came."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.timesince import timesince

from customers.matching.scoring import clearance
from customers.models import Customer, Location, TimelineEntry
from integrations.models import IntegrationClient
from ordinavo.kernel.admin import show
from targets.evidence import Bar, bars, most_said, percent, score_kind
from targets.imports.admin.comparing import Line, compare
from targets.imports.models import ImportItem, MappingReview
from targets.imports.selectors.candidates import last_events, metres_away, point_sent, sites_of
from targets.imports.selectors.reviews import candidates_of

_SECTIONS = {
    "customer": "Customer",
    "location": "Location",
    "contact": "Contact",
    "address": "Address",
    "planning": "Planning",
}
_TARGET = ("externalId", "externalType", "title", "description", "templateKey")
_LONGEST = 200
_MOST_CITIES = 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """One column of the comparison; `key` is the key on the keyboard that links it."""

    record: Any
    key: int
    score: str
    kind: str
    bars: tuple[Bar, ...]
    bits: float
    city: tuple[str, str] | None
    away: str
    sites: Sequence[Location]
    events: Sequence[str]
    may_link: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """The whole table: candidates, and one line for each field. `place` is where the item sends people."""

    candidates: tuple[Candidate, ...]
    lines: Sequence[Line]
    place: str
    client: IntegrationClient

    @property
    def rule(self) -> str:
        """When the client links by itself, and how clear the best one is; "" where nobody was scored."""
        scored = [one for one in self.candidates if one.score]
        if not scored:
            return ""
        rule = f"Linked by itself from {percent(self.client.link_score)} on"
        if len(scored) == 1 or not scored[0].bars:
            return f"{rule}, if nothing speaks against it."
        margin = clearance(scored[0].bits, scored[1].bits)
        return f"{rule}, if clear of the next best by {self.client.link_margin:.2f}; here it is {margin:.2f}."

    @property
    def cities(self) -> list[tuple[str, str]]:
        """Names of cities, sent and known, that may well mean one, the likeliest candidate's first."""
        return list(dict.fromkeys(one.city for one in self.candidates if one.city))[:_MOST_CITIES]

    @property
    def has_bars(self) -> bool:
        """Whether anybody said how the fields speak."""
        return any(one.bars for one in self.candidates)

    @property
    def has_away(self) -> bool:
        """Whether a distance is known."""
        return any(one.away for one in self.candidates)

    @property
    def has_sites(self) -> bool:
        """Whether a candidate has places."""
        return any(one.sites for one in self.candidates)


def comparison(review: MappingReview, payload: Any) -> Comparison:
    """Return the candidates beside what came; the number of statements does not depend on theirs."""
    records = candidates_of(review)
    events, sites = last_events(records), sites_of(records)
    sent = point_sent(review, payload)
    most = most_said(one.get("evidence") for one in review.candidates)
    told = {one["id"]: one for one in review.candidates}
    candidates = tuple(
        Candidate(
            record=record,
            key=number,
            score=percent(told[record.pk].get("score")),
            kind=score_kind(told[record.pk].get("score")),
            bars=tuple(bars(told[record.pk].get("evidence"), most)),
            bits=_bits(told[record.pk].get("evidence")),
            city=_other_city(told[record.pk].get("evidence")),
            away=_distance(metres_away(review, record, sites.get(record.pk, ()), sent)),
            sites=sites.get(record.pk, ()),
            events=[_event(entry) for entry in events.get(record.pk, ())],
            may_link=_is_active(record),
        )
        for number, record in enumerate(records, 1)
    )
    return Comparison(candidates, compare(review, records), _place_sent(payload), review.client)


def item_sections(item: ImportItem) -> list[tuple[str, Any]]:
    """Return the item that came as headed facts: the target first, then its records and planning."""
    payload = item.payload
    if not isinstance(payload, Mapping):
        return []
    target = show.facts((_named(name), _plain(payload.get(name))) for name in _TARGET)
    sections = [
        (heading, show.facts((_named(key), _plain(value)) for key, value in payload[name].items()))
        for name, heading in _SECTIONS.items()
        if isinstance(payload.get(name), Mapping)
    ]
    return [(heading, facts) for heading, facts in (("Target", target), *sections) if facts]


def _place_sent(payload: Any) -> str:
    """Return the address that came with the item, in one line."""
    for name in ("location", "address"):
        place = payload.get(name) if isinstance(payload, Mapping) else None
        if isinstance(place, Mapping):
            town = " ".join(filter(None, (_plain(place.get("postalCode")), _plain(place.get("city")))))
            return ", ".join(filter(None, (_plain(place.get("street")), town)))
    return ""


def _bits(evidence: Any) -> float:
    """Return what all fields say together, but for what speaks against anybody."""
    said = (one.get("share") or 0 for one in (evidence or ()) if isinstance(one, Mapping))
    return sum(float(share) for share in said)


def _other_city(evidence: Any) -> tuple[str, str] | None:
    """Return the city that was sent and the known one, where they differ within one postcode."""
    told = {one.get("field"): one for one in (evidence or ()) if isinstance(one, Mapping)}
    city, code = told.get("city", {}), told.get("postcode", {})
    if (city.get("agreement"), code.get("agreement")) != ("differs", "agrees"):
        return None
    return (str(city["sent"]), str(city["known"])) if city.get("sent") and city.get("known") else None


def _distance(metres: int | None) -> str:
    if metres is None:
        return ""
    return f"{metres} m" if metres < 1000 else f"{metres / 1000:,.1f} km"


def _event(entry: TimelineEntry) -> str:
    return f"{show.words(entry.action)}, {timesince(entry.created_at, depth=1)} ago"


def _is_active(record: Any) -> bool:
    return bool(record.active and (isinstance(record, Customer) or record.customer.active))


def _named(name: str) -> str:
    """Return `customerNumber` as `Customer number`."""
    return show.spaced(name[:1].upper() + name[1:])


def _plain(value: Any) -> str:
    if value is None or value == "" or isinstance(value, Mapping | list):
        return ""
    text = "yes" if value is True else "no" if value is False else str(value)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
