"""Rows that share most of their columns: many of them arrive as few of them do."""

from typing import Any

import pytest
from django.db import DataError, connection, transaction
from django.test.utils import CaptureQueriesContext

from ordinavo.kernel.alike import Alike, insert_alike
from ordinavo.kernel.ulids import new_ulids
from webhooks.models import Event

pytestmark = pytest.mark.django_db

FEW, MANY = 3, 60
NASTY = '{"text":"\\\\ \\t \\n 😀 ü","more":[1,null]}'
SHARED = {
    "tenant_id": 2**40,
    "source_system_id": None,
    "client_id": None,
    "type": "target.imported",
    "occurred_at": "2026-07-01T08:00:00.123456+02:00",
    "correlation_id": "a\\b\tc\nd ü",
    "subject_type": "",
    "is_example": True,
}


def _alike(number: int, **shared: Any) -> Alike:
    subjects = [None, -1, 2**62]
    values = [(pk.hex, subjects[turn % 3], NASTY) for turn, pk in enumerate(new_ulids(number))]
    return Alike(SHARED | shared, ("id", "subject_id", "snapshot"), values)


def _stored() -> list[dict[str, Any]]:
    rows = Event.objects.order_by("id").values()
    return [{name: value for name, value in row.items() if name != "id"} for row in rows]


def test_many_rows_are_stored_exactly_as_few_are() -> None:
    insert_alike(Event, [_alike(FEW)])
    few = _stored()
    Event.objects.all().delete()
    insert_alike(Event, [_alike(MANY)])
    assert _stored() == few * (MANY // FEW)
    assert few[0]["occurred_at"].isoformat() == "2026-07-01T06:00:00.123456+00:00"
    assert few[0]["snapshot"] == {"text": "\\ \t \n 😀 ü", "more": [1, None]}
    assert [row["subject_id"] for row in few] == [None, -1, 2**62]
    assert few[0]["correlation_id"] == "a\\b\tc\nd ü"


def test_ids_stay_as_they_were_given() -> None:
    alike = _alike(MANY)
    insert_alike(Event, [alike])
    stored = Event.objects.order_by("id").values_list("id", flat=True)
    assert [pk.hex for pk in stored] == [pk for pk, *_ in alike.values]


@pytest.mark.parametrize("number", [FEW, MANY])
def test_sets_that_share_different_values_go_with_one_statement(number: int) -> None:
    with CaptureQueriesContext(connection) as captured:
        insert_alike(Event, [_alike(number), _alike(number, type="target.updated", subject_type="a.b")])
    assert len(captured) == 1
    kinds = sorted((row["type"], row["subject_type"]) for row in _stored())
    assert kinds == [("target.imported", "")] * number + [("target.updated", "a.b")] * number


@pytest.mark.parametrize("number", [FEW, MANY])
def test_what_the_database_refuses_is_a_fault_of_the_data(number: int) -> None:
    with pytest.raises(DataError), transaction.atomic():
        insert_alike(Event, [_alike(number, type="x" * 1000)])
    assert not Event.objects.exists()
