"""What a doubt is known by."""

from typing import Any

import pytest

from customers.matching.drafts import CONTACT, CUSTOMER, RecordDraft, RecordSet
from customers.matching.judge import Step, Verdict
from customers.matching.mapping import Mapping


def _draft(kind: str = CUSTOMER, external_id: str = "", **values: Any) -> RecordDraft:
    return RecordDraft(kind, external_id, values, path=kind)


def test_an_external_id_is_the_key_whatever_else_was_sent() -> None:
    assert _draft(external_id="C-1", name="A").key == _draft(external_id="C-1", name="B").key == "C-1"


@pytest.mark.parametrize(
    "other",
    [
        {"phone": "0201 123456", "name": "Müller GmbH"},
        {"name": " MÜLLER  gmbh", "phone": "0201 123456"},
        {"name": "Mu\N{COMBINING DIAERESIS}ller GmbH", "phone": "0201/123456"},
        {"name": "Müller GmbH", "phone": "0201 123456", "email": "", "latitude": None},
    ],
)
def test_without_an_external_id_the_key_is_a_digest_of_the_normalised_data(other: dict[str, Any]) -> None:
    key = _draft(name="Müller GmbH", phone="0201 123456").key
    assert _draft(**other).key == key
    assert len(key) == 64


def test_other_data_has_another_key() -> None:
    assert _draft(name="A").key != _draft(name="B").key
    assert _draft(name="A").key != _draft(email="A").key


def _mapping(customer: RecordDraft, contact: RecordDraft) -> Mapping:
    mapping = Mapping()
    mapping.add(customer, Verdict(Step.LEAVE))
    mapping.add(contact, Verdict(Step.ASK, code="ambiguous_contact"))
    return mapping


def test_namesakes_at_two_customers_are_two_doubts() -> None:
    reception = _draft(CONTACT, display_name="Reception")
    one = _mapping(_draft(external_id="C-1"), reception).review_key(reception)
    other = _mapping(_draft(external_id="C-2"), reception).review_key(reception)
    again = _mapping(_draft(external_id="C-1"), reception).review_key(reception)
    assert one == again != other


def test_an_empty_set_is_false_and_a_set_yields_what_was_sent() -> None:
    assert not RecordSet()
    customer, contact = _draft(name="A"), _draft(CONTACT, display_name="B")
    assert list(RecordSet(customer=customer, contact=contact)) == [customer, contact]
