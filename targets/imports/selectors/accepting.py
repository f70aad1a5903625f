"""Which open reviews could be linked to their best candidate at once, and which of them better not."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from customers.models import Customer
from ordinavo.tenants.models import Tenant
from targets.imports.models import MappingReview
from targets.imports.selectors.queue import OPEN, narrowed, with_targets
from targets.imports.selectors.reviews import RECORD_MODELS

# As many as a person reads through before pressing a button.
MOST_ACCEPTED = 200


@dataclass(frozen=True, slots=True)
class Proposal:
    """A review and its best candidate; `hindrance` says why it is left to a manager, "" if it is not."""

    review: Any
    record: Any
    hindrance: str


@dataclass(frozen=True, slots=True)
class Proposals:
    """What a bulk acceptance would do; `more` says that it would not reach all at once."""

    ready: Sequence[Proposal]
    left: Sequence[Proposal]
    more: bool


def proposals(tenant: Tenant, *, least: float, wanted: Mapping[str, str]) -> Proposals:
    """Return the likeliest 200 open reviews with a score of at least `least`, and who is proposed for each.

    Five statements at most, whatever their number.
    """
    rows = narrowed(MappingReview.objects.filter(tenant=tenant, status=OPEN, score__gte=least), wanted)
    ordered = with_targets(rows).select_related("source_system", "client").order_by("-score", "pk")
    reviews = list(ordered[: MOST_ACCEPTED + 1])
    found = _best_records(tenant, reviews[:MOST_ACCEPTED])
    every = [_proposal(review, found, least) for review in reviews[:MOST_ACCEPTED]]
    return Proposals(
        ready=[one for one in every if not one.hindrance],
        left=[one for one in every if one.hindrance],
        more=len(reviews) > MOST_ACCEPTED,
    )


def _best_records(tenant: Tenant, reviews: Iterable[Any]) -> dict[tuple[str, int], Any]:
    ids: dict[str, set[int]] = defaultdict(set)
    for review in reviews:
        if review.candidates:
            ids[review.kind].add(review.candidates[0]["id"])
    found: dict[tuple[str, int], Any] = {}
    for kind, wanted in ids.items():
        rows: Any = RECORD_MODELS[kind].objects.filter(tenant=tenant, pk__in=sorted(wanted))
        if RECORD_MODELS[kind] is not Customer:
            rows = rows.select_related("customer")
        found |= {(kind, row.pk): row for row in rows}
    return found


def _proposal(review: Any, found: Mapping[tuple[str, int], Any], least: float) -> Proposal:
    if not review.candidates:
        return Proposal(review, None, "No candidate is left.")
    record = found.get((review.kind, review.candidates[0]["id"]))
    if record is None:
        return Proposal(review, None, f"The {review.kind} has been deleted.")
    return Proposal(review, record, _hindrance(review, record, least))


def _hindrance(review: Any, record: Any, least: float) -> str:
    if not record.active:
        return f"The {review.kind} is inactive."
    if not isinstance(record, Customer) and not record.customer.active:
        return f"The customer of the {review.kind} is inactive."
    if any((candidate.get("score") or 0) >= least for candidate in review.candidates[1:]):
        return "Another candidate has such a score, too."
    return ""
