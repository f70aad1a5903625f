"""The judge never links against the facts, whatever they are."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from customers.matching.drafts import CONTACT, CUSTOMER, LOCATION, RecordDraft
from customers.matching.judge import Sighting, Step, Verdict, judge_customer, judge_part, other_customer, same
from customers.matching.policy import (
    CUSTOMER_NUMBER,
    EMAIL,
    EXTERNAL_ID_FIRST,
    EXTERNAL_ID_ONLY,
    EXTERNAL_ID_THEN_CUSTOMER_NUMBER,
    MANUAL_ONLY,
    PHONE,
    MappingPolicy,
)

KINDS = (CUSTOMER, LOCATION, CONTACT)
FALLBACKS = (CUSTOMER_NUMBER, EMAIL, PHONE)
_pks = count(1)


@dataclass(eq=False)
class Somebody:
    """What the judge sees of a record."""

    active: bool = True
    number: str = ""
    customer: Any = None
    id: int | None = field(default_factory=lambda: next(_pks))


policies = st.builds(
    MappingPolicy,
    strategy=st.sampled_from(
        [EXTERNAL_ID_ONLY, EXTERNAL_ID_FIRST, EXTERNAL_ID_THEN_CUSTOMER_NUMBER, MANUAL_ONLY]
    ),
    fallbacks=st.lists(st.sampled_from(FALLBACKS), unique=True).map(tuple),
    create=st.frozensets(st.sampled_from(KINDS)),
    update=st.frozensets(st.sampled_from(KINDS)),
    may_write=st.booleans(),
)
numbers = st.sampled_from(["", "K-1", "K-2"])
people = st.builds(
    Somebody, active=st.booleans(), number=numbers, id=st.one_of(st.none(), st.builds(lambda: next(_pks)))
)


def _draft(kind: str, external_id: str, number: str, name: str) -> RecordDraft:
    values = {"number": number, "name": name} if kind == CUSTOMER else {"name": name}
    return RecordDraft(kind, external_id, values, path=kind)


@st.composite
def worlds(draw: st.DrawFn, kind: str) -> tuple[RecordDraft, Sighting, list[Somebody]]:
    """A draft, what is known about it, and everybody there is."""
    everybody = draw(st.lists(people, min_size=1, max_size=4))
    owners = draw(st.lists(people, min_size=1, max_size=2))
    for one in everybody:
        one.customer = draw(st.sampled_from(owners))
    some = st.lists(st.sampled_from(everybody), max_size=3)
    draft = _draft(kind, draw(st.sampled_from(["", "X"])), draw(numbers), draw(st.sampled_from(["", "Name"])))
    seen = Sighting(
        named=draw(st.sampled_from([None, *everybody])) if draft.external_id else None,
        decided_by_manager=draw(st.booleans()),
        fits={evidence: draw(some) for evidence in FALLBACKS},
        holders_of_number=[one for one in everybody if draft.number and one.number == draft.number],
    )
    return draft, seen, owners


def _hit(seen: Sighting, policy: MappingPolicy) -> set[int]:
    return {id(r) for e in policy.evidence for r in seen.fits.get(e, ()) if r.active}


def _assert_sound(verdict: Verdict, draft: RecordDraft, seen: Sighting, policy: MappingPolicy) -> None:
    """What holds for every kind of record."""
    if verdict.step is Step.LINK:
        assert verdict.record.active
        assert verdict.code == ""
        assert verdict.matched_by in {"externalId", "manual", *policy.evidence}
    if verdict.step is Step.LINK and seen.named is not None:
        assert verdict.record is seen.named
    elif verdict.step is Step.LINK:
        assert _hit(seen, policy) == {id(verdict.record)}
    if verdict.step is Step.CREATE:
        assert draft.kind in policy.create
        assert policy.may_write
        assert draft.external_id
        assert seen.named is None
        assert not _hit(seen, policy)
        assert not policy.manual_only
        assert verdict.matched_by == "created"
    if verdict.step is Step.ASK:
        assert verdict.code
        assert verdict.message
        assert verdict.record is None
    if policy.manual_only:
        decided = seen.named is not None and seen.decided_by_manager and seen.named.active
        assert verdict.step in ({Step.LINK, Step.ASK} if decided else {Step.ASK})


@given(worlds(CUSTOMER), policies)
@settings(max_examples=250)
def test_a_customer_is_never_linked_or_created_against_the_facts(world: Any, policy: MappingPolicy) -> None:
    draft, seen, _ = world
    verdict = judge_customer(draft, seen, policy)
    _assert_sound(verdict, draft, seen, policy)
    others = [holder for holder in seen.holders_of_number if holder is not verdict.record]
    if verdict.step is Step.CREATE:
        assert not seen.holders_of_number
        assert draft.values["name"]
    if verdict.step is Step.LINK and verdict.matched_by != "manual" and draft.number != verdict.record.number:
        assert not others


@given(st.sampled_from([LOCATION, CONTACT]), st.data(), policies, st.booleans())
@settings(max_examples=250)
def test_a_part_is_never_linked_to_or_created_under_a_wrong_customer(
    kind: str, data: Any, policy: MappingPolicy, in_doubt: bool
) -> None:
    draft, seen, owners = data.draw(worlds(kind))
    customer = None if in_doubt else data.draw(st.sampled_from([None, *owners]))
    fits = {
        evidence: [one for one in found if customer is not None and same(one.customer, customer)]
        for evidence, found in seen.fits.items()
    }
    seen = Sighting(seen.named, seen.decided_by_manager, fits)
    verdict = judge_part(draft, seen, policy, customer=customer, in_doubt=in_doubt)
    _assert_sound(verdict, draft, seen, policy)
    if verdict.step is Step.LINK:
        assert verdict.record.customer.active
        assert customer is None or same(verdict.record.customer, customer)
    if verdict.step is Step.CREATE:
        assert customer is not None
        assert customer.active
    if in_doubt and not policy.manual_only:
        assert verdict == Verdict(Step.LEAVE)


@given(worlds(CUSTOMER), policies)
def test_the_same_facts_always_give_the_same_verdict(world: Any, policy: MappingPolicy) -> None:
    draft, seen, _ = world
    assert judge_customer(draft, seen, policy) == judge_customer(draft, seen, policy)


def test_all_who_fit_are_offered_to_the_manager_once() -> None:
    one, other = Somebody(), Somebody()
    policy = MappingPolicy(fallbacks=(EMAIL, PHONE))
    draft = RecordDraft(CUSTOMER, "X", {"email": "a@b.de", "phone": "1"}, path="customer")
    verdict = judge_customer(draft, Sighting(fits={EMAIL: [one, other], PHONE: [other]}), policy)
    assert (verdict.step, verdict.code, verdict.candidates) == (Step.ASK, "ambiguous_customer", (one, other))


def test_the_strongest_evidence_is_named_when_several_agree() -> None:
    one = Somebody()
    policy = MappingPolicy(fallbacks=(PHONE, EMAIL))
    draft = RecordDraft(CUSTOMER, "X", {"email": "a@b.de", "phone": "1"}, path="customer")
    verdict = judge_customer(draft, Sighting(fits={EMAIL: [one], PHONE: [one]}), policy)
    assert (verdict.step, verdict.record, verdict.matched_by) == (Step.LINK, one, EMAIL)


def test_a_number_that_belongs_to_somebody_else_speaks_against_an_email() -> None:
    by_email, by_number = Somebody(number="K-1"), Somebody(number="K-2")
    policy = MappingPolicy(fallbacks=(EMAIL,))
    draft = RecordDraft(CUSTOMER, "X", {"email": "a@b.de", "number": "K-2"}, path="customer")
    seen = Sighting(fits={EMAIL: [by_email]}, holders_of_number=[by_number])
    verdict = judge_customer(draft, seen, policy)
    assert (verdict.step, verdict.code) == (Step.ASK, "customer_number_conflict")
    assert verdict.candidates == (by_email, by_number)


def test_an_unknown_customer_beside_a_known_location_is_asked_about() -> None:
    owner = Somebody()
    draft = RecordDraft(CUSTOMER, "X", {"name": "New"}, path="customer")
    verdict = other_customer(draft, LOCATION, owner)
    assert (verdict.step, verdict.code, verdict.candidates) == (
        Step.ASK,
        "location_of_other_customer",
        (owner,),
    )


def test_records_that_are_not_stored_are_the_same_only_as_objects() -> None:
    assert not same(Somebody(id=None), Somebody(id=None))
    assert same(Somebody(id=7), Somebody(id=7))
    new = Somebody(id=None)
    assert same(new, new)
