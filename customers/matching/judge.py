"""Who is it? Decided from facts alone; the database never enters here.

A verdict links, creates, asks a manager, or lets a record go unmapped (a manager may have said so), and says
why. Where two facts speak
against each other it always asks.
"""

from collections.abc import Mapping, Sequence
from enum import Enum
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from customers.matching.drafts import RecordDraft
from customers.matching.policy import MappingPolicy

EXTERNAL_ID, MANUAL, CREATED = "externalId", "manual", "created"

_NOTHING: Mapping[str, Sequence[Any]] = MappingProxyType({})


class Record(Protocol):
    """What a judge must know of a customer, location or contact."""

    id: Any
    active: bool


class Step(Enum):
    """What happens to a sent record; DISMISS: a manager wants no link."""

    LINK = "link"
    CREATE = "create"
    ASK = "ask"
    LEAVE = "leave"
    DISMISS = "dismiss"


class Verdict(NamedTuple):
    """The decision about one record; `candidates` are those that a manager may choose from."""

    step: Step
    record: Any = None
    matched_by: str = ""
    code: str = ""
    message: str = ""
    candidates: tuple[Any, ...] = ()
    found: "Found | None" = None


class Found(NamedTuple):
    """What a search by name and address came to.

    `score`, `runner_up` and `margin` are those of the best; `evidence` how its fields agree, `shares` how
    many bits each speaks for it; `offers` what a review keeps of each candidate, best first.
    """

    score: float
    runner_up: float | None
    margin: float
    evidence: Mapping[str, str]
    shares: Mapping[str, float]
    offers: tuple[Mapping[str, Any], ...] = ()


class Sighting(NamedTuple):
    """What is known about a draft: the record that its external id names, and who fits other evidence."""

    named: Any = None
    decided_by_manager: bool = False
    fits: Mapping[str, Sequence[Any]] = _NOTHING
    holders_of_number: Sequence[Any] = ()


def link(record: Any, matched_by: str) -> Verdict:
    """Link to a record."""
    return Verdict(Step.LINK, record=record, matched_by=matched_by)


def ask(code: str, message: str, *candidates: Any) -> Verdict:
    """Leave the decision to a manager."""
    return Verdict(Step.ASK, code=code, message=message, candidates=candidates)


def leave(code: str, message: str) -> Verdict:
    """Go on without a link."""
    return Verdict(Step.LEAVE, code=code, message=message)


def judge_customer(draft: RecordDraft, seen: Sighting, policy: MappingPolicy) -> Verdict:
    """Decide about a sent customer."""
    if policy.manual_only:
        return _only_decided(draft, seen)
    if seen.named is not None:
        return _named_customer(draft, seen)
    found = _fitting(draft, seen, policy)
    if found is None:
        return _new(draft, seen, policy)
    message = "The customer number belongs to another customer than the one that fits what else was sent."
    return found if found.step is Step.ASK else _unless_number_differs(draft, seen, found, message)


def judge_part(
    draft: RecordDraft, seen: Sighting, policy: MappingPolicy, *, customer: Any, in_doubt: bool
) -> Verdict:
    """Decide about a sent location or contact, given the customer (None: none was mapped, or `in_doubt`)."""
    if policy.manual_only and not _decided(seen):
        return _only_decided(draft, seen)
    if in_doubt and not policy.manual_only:
        return Verdict(Step.LEAVE)
    if seen.named is not None:
        return _named_part(draft, seen, customer)
    if customer is not None and not customer.active:
        return ask("customer_inactive", f"The customer of the {draft.kind} is inactive.")
    found = _fitting(draft, seen, policy)
    return found if found is not None else _new_part(draft, seen, policy, customer)


def other_customer(draft: RecordDraft, part: str, candidate: Any) -> Verdict:
    """Ask: an unknown customer came with a location or contact that belongs to a known one."""
    message = f"The {part} belongs to a customer that is not known under this external id or number."
    return ask(f"{part}_of_other_customer", message, candidate)


def _decided(seen: Sighting) -> bool:
    return seen.named is not None and seen.decided_by_manager and seen.named.active


def _only_decided(draft: RecordDraft, seen: Sighting) -> Verdict:
    if _decided(seen):
        return link(seen.named, MANUAL)
    known = () if seen.named is None else (seen.named,)
    message = f"A manager decides which {draft.kind} this is."
    return ask("mapping_needs_review", message, *known)


def _how_named(seen: Sighting) -> str:
    return MANUAL if seen.decided_by_manager else EXTERNAL_ID


def _named_customer(draft: RecordDraft, seen: Sighting) -> Verdict:
    customer = seen.named
    if not customer.active:
        return ask("customer_inactive", "The customer with this external id is inactive.", customer)
    message = "The external id and the customer number name different customers."
    return _unless_number_differs(draft, seen, link(customer, _how_named(seen)), message)


def _unless_number_differs(draft: RecordDraft, seen: Sighting, found: Verdict, message: str) -> Verdict:
    """Ask if the number that was sent is not that of the found customer, but that of others."""
    if draft.number == found.record.number or not seen.holders_of_number:
        return found
    return ask("customer_number_conflict", message, found.record, *seen.holders_of_number)


def _named_part(draft: RecordDraft, seen: Sighting, customer: Any) -> Verdict:
    part = seen.named
    if not part.active:
        message = f"The {draft.kind} with this external id is inactive."
        return ask("mapping_needs_review", message, part)
    if not part.customer.active:
        message = f"The {draft.kind} belongs to an inactive customer."
        return ask("customer_inactive", message, part)
    if customer is not None and not same(part.customer, customer):
        message = f"The {draft.kind} with this external id belongs to another customer."
        return ask(f"{draft.kind}_of_other_customer", message, part)
    return link(part, _how_named(seen))


def _fitting(draft: RecordDraft, seen: Sighting, policy: MappingPolicy) -> Verdict | None:
    """Link if all evidence points at one active record; ask if it points at several."""
    fits = {
        evidence: [record for record in seen.fits.get(evidence, ()) if record.active]
        for evidence in policy.evidence
    }
    hits = [(evidence, records) for evidence, records in fits.items() if records]
    everyone = list({id(record): record for _, records in hits for record in records}.values())
    if not everyone:
        return None
    if len(everyone) > 1:
        return ask(f"ambiguous_{draft.kind}", f"More than one {draft.kind} fits what was sent.", *everyone)
    return link(everyone[0], hits[0][0])


def _may_create(draft: RecordDraft, policy: MappingPolicy) -> Verdict | None:
    if draft.kind not in policy.create:
        message = f"No {draft.kind} was found, and the client's settings do not let it be created."
        return leave(f"{draft.kind}_not_found", message)
    if not policy.may_write:
        return leave("create_not_permitted", f"Creating a {draft.kind} needs the scope customers.write.")
    if not draft.external_id:
        return leave("create_needs_external_id", f"A {draft.kind} is created only with an externalId.")
    return None


def _new(draft: RecordDraft, seen: Sighting, policy: MappingPolicy) -> Verdict:
    refused = _may_create(draft, policy)
    if refused is not None:
        return refused
    if not draft.values.get("name"):
        return leave(
            f"{draft.kind}_not_found", "No customer was found, and without a name none can be created."
        )
    if seen.holders_of_number:
        message = "The customer number belongs to a customer with another external id."
        return ask("customer_number_conflict", message, *seen.holders_of_number)
    return Verdict(Step.CREATE, matched_by=CREATED)


def _new_part(draft: RecordDraft, seen: Sighting, policy: MappingPolicy, customer: Any) -> Verdict:
    refused = _may_create(draft, policy)
    if refused is not None:
        return refused
    if customer is None:
        return leave(f"{draft.kind}_not_found", f"Without a mapped customer no {draft.kind} is created.")
    return Verdict(Step.CREATE, matched_by=CREATED)


def same(one: Any, other: Any) -> bool:
    """Whether two rows are one record; rows that are not stored yet are compared as objects."""
    return one is other or (one.id is not None and one.id == other.id)
