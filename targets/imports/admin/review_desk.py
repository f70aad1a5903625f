"""What the page of a review shows of each candidate, and of what came."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.timesince import timesince

from customers.models import Customer, Location, TimelineEntry
from ordinavo.kernel.admin import show
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
_ONCE = "house"
_FIELDS = {"form": "Legal form", "house": "Same address", "number": "House number", "email": "E-mail"}
_LONGEST = 200
# Scores are even odds at 50; clients link by themselves from 65 on, unless they say otherwise.
_SURE, _LIKELY = 65, 50


@dataclass(frozen=True, slots=True)
class Bar:
    """One field's part in the score: `share` in percent of what speaks for or against, `kind` of badge."""

    field: str
    words: str
    share: int
    kind: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """One column of the comparison; `key` is the key on the keyboard that links it."""

    record: Any
    key: int
    score: str
    kind: str
    bars: tuple[Bar, ...]
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
    sent, most = point_sent(review, payload), _most_said(review)
    told = {one["id"]: one for one in review.candidates}
    candidates = tuple(
        Candidate(
            record=record,
            key=number,
            score=_percent(told[record.pk].get("score")),
            kind=score_kind(told[record.pk].get("score")),
            bars=tuple(_bars(told[record.pk].get("evidence"), most)),
            away=_distance(metres_away(review, record, sites.get(record.pk, ()), sent)),
            sites=sites.get(record.pk, ()),
            events=[_event(entry) for entry in events.get(record.pk, ())],
            may_link=_is_active(record),
        )
        for number, record in enumerate(records, 1)
    )
    return Comparison(candidates, compare(review, records), _place_sent(payload))


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


def score_kind(score: float | None) -> str:
    """Return the kind of badge for a score."""
    percent = 0 if score is None else round(100 * score)
    if percent >= _SURE:
        return "good"
    return "info" if percent >= _LIKELY else "warn"


def _percent(score: float | None) -> str:
    return "" if score is None else f"{min(99.9, 100 * score):.3g} %" if score < 1 else "100 %"


def _bars(evidence: Any, most: float) -> list[Bar]:
    """Return bars of what an engine said by field; who only said `agrees` gets words without lengths."""
    if isinstance(evidence, Mapping):
        return [Bar(show.words(field), str(how), 0, _kind(str(how))) for field, how in evidence.items()]
    return [_bar(one, most) for one in evidence or () if isinstance(one, Mapping)]


def _bar(said: Mapping[str, Any], most: float) -> Bar:
    field, share = str(said.get("field", "")), float(said.get("share") or 0)
    agreement = str(said.get("agreement", ""))
    # Parts of one address agree together or not at all: what they say is taken back in part.
    words = "counts once" if field == _ONCE else agreement
    kind = "quiet" if field == _ONCE else "bad" if share < 0 else _kind(agreement)
    return Bar(_FIELDS.get(field, show.words(field)), words, round(100 * abs(share) / most), kind)


def _most_said(review: MappingReview) -> float:
    """Return the greatest share of any candidate, so that bars can be compared with each other."""
    shares = [
        abs(float(one.get("share") or 0))
        for candidate in review.candidates
        for one in (candidate.get("evidence") or ())
        if isinstance(one, Mapping)
    ]
    return max(shares, default=0) or 1.0


def _kind(agreement: str) -> str:
    return {"agrees": "good", "similar": "info", "differs": "bad"}.get(agreement, "info")


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
