"""All operations in all states, as the contract's table says; and who is told of it."""

from collections.abc import Iterator
from typing import Any

import pytest

from customers.models import TimelineEntry
from ordinavo.kernel import reactions
from targets.imports.models import ImportJob
from targets.imports.pipeline.write import CANCELLED, REPLANNED
from targets.models import Target
from tests.api import Api
from tests.imports.sending import imported, payload, result, send, warnings

Status = Target.Status

FIRST: dict[str, Any] = {
    "planning": {"priority": "High", "dueDate": "2026-07-01"},
    "address": {"street": "Hachestrasse 12", "city": "Essen", "country": "DE"},
    "customFields": {"asset": "F-1"},
}
SAME: dict[str, Any] = {}
TITLE = {"title": "Other"}
FIELDS = {"customFields": {"asset": "F-2"}}
PLANNING = {"planning": {"dueDate": "2026-07-02"}}
PLACE = {"address": {"street": "Hachestrasse 13"}}

CLOSED, BUSY, EXISTS = "422 target_closed", "422 target_in_progress", "422 external_id_exists"

# State, operation, what is sent: the result, and the state after it.
TABLE: list[tuple[Status, str, dict[str, Any], str, Status]] = [
    *[
        (status, "create", members, EXISTS, status)
        for status in Status
        for members in (SAME, TITLE, PLANNING)
    ],
    *[
        (status, operation, members, "Unchanged" if members == SAME else "Updated", status)
        for status in (Status.OPEN, Status.SCHEDULED)
        for operation in ("upsert", "update")
        for members in (SAME, TITLE, FIELDS, PLANNING, PLACE)
    ],
    (Status.OPEN, "cancel", SAME, "Cancelled", Status.CANCELLED),
    (Status.SCHEDULED, "cancel", SAME, "Cancelled", Status.CANCELLED),
    *[
        row
        for operation in ("upsert", "update")
        for row in (
            (Status.IN_PROGRESS, operation, SAME, "Unchanged", Status.IN_PROGRESS),
            (Status.IN_PROGRESS, operation, TITLE, "Updated", Status.IN_PROGRESS),
            (Status.IN_PROGRESS, operation, FIELDS, "Updated", Status.IN_PROGRESS),
            (Status.IN_PROGRESS, operation, PLANNING, BUSY, Status.IN_PROGRESS),
            (Status.IN_PROGRESS, operation, PLACE, BUSY, Status.IN_PROGRESS),
            (Status.COMPLETED, operation, SAME, "Unchanged", Status.COMPLETED),
            (Status.COMPLETED, operation, TITLE, CLOSED, Status.COMPLETED),
            (Status.COMPLETED, operation, FIELDS, CLOSED, Status.COMPLETED),
            (Status.COMPLETED, operation, PLANNING, CLOSED, Status.COMPLETED),
            (Status.PROBLEM, operation, SAME, "Unchanged", Status.PROBLEM),
            (Status.PROBLEM, operation, TITLE, "Updated", Status.PROBLEM),
            (Status.PROBLEM, operation, PLACE, "Updated", Status.PROBLEM),
            (Status.PROBLEM, operation, PLANNING, "Updated", Status.OPEN),
        )
    ],
    (Status.IN_PROGRESS, "cancel", SAME, BUSY, Status.IN_PROGRESS),
    (Status.COMPLETED, "cancel", SAME, CLOSED, Status.COMPLETED),
    (Status.PROBLEM, "cancel", SAME, "Cancelled", Status.CANCELLED),
    *[(Status.CANCELLED, "upsert", members, "Updated", Status.OPEN) for members in (SAME, TITLE, PLANNING)],
    *[(Status.CANCELLED, "update", members, CLOSED, Status.CANCELLED) for members in (SAME, TITLE)],
    (Status.CANCELLED, "cancel", SAME, "Unchanged", Status.CANCELLED),
]


@pytest.fixture
def told() -> Iterator[dict[str, list[set[int]]]]:
    """What the moments were told, call by call."""
    calls: dict[str, list[set[int]]] = {CANCELLED: [], REPLANNED: []}
    followers = {moment: lambda ids, moment=moment: calls[moment].append(set(ids)) for moment in calls}
    for moment, follower in followers.items():
        reactions.register(moment, follower)
    yield calls
    for moment, follower in followers.items():
        reactions.unregister(moment, follower)


def _stored(api: Api, status: Status) -> Target:
    send(api, **FIRST)
    Target.objects.update(status=status)
    return Target.objects.get()


def _row(target: Target) -> dict[str, Any]:
    return dict(Target.objects.filter(pk=target.pk).values().get())


def _moved(row: dict[str, Any]) -> dict[str, Any]:
    """A row without what even an unchanged target notes: its place, and the job that looked at it."""
    return {column: value for column, value in row.items() if column not in {"place", "last_import_job_id"}}


@pytest.mark.parametrize(("status", "operation", "members", "expected", "after"), TABLE)
def test_operations_by_state(
    api: Api,
    told: dict[str, list[set[int]]],
    status: Status,
    operation: str,
    members: dict[str, Any],
    expected: str,
    after: Status,
) -> None:
    target = _stored(api, status)
    before = _row(target)
    answer = send(api, operation=operation, **{**FIRST, **members})

    assert result(answer) == expected
    row = _row(target)
    assert row["status"] == after
    if expected in {"Updated", "Cancelled"}:
        assert row["revision"] == 2
        assert row["updated_at"] > before["updated_at"]
    elif expected == "Unchanged":
        assert _moved(row) == _moved(before)
        assert row["last_import_job_id"] == answer.json()["importJobId"]
    else:
        assert row == before
        error = answer.json()["error"]
        assert error["code"] == "item_rejected"
        assert ImportJob.objects.get(pk=error["importJobId"]).status == "Failed"
    scheduled = status == Status.SCHEDULED
    assert told[CANCELLED] == ([{target.pk}] if scheduled and operation == "cancel" else [])
    replanned = scheduled and expected == "Updated" and members in (PLANNING, PLACE)
    assert told[REPLANNED] == ([{target.pk}] if replanned else [])


@pytest.mark.parametrize("operation", ["update", "cancel"])
def test_an_unknown_external_id_is_refused_and_nothing_made(api: Api, operation: str) -> None:
    answer = send(api, operation=operation)
    assert result(answer) == "422 unknown_external_id"
    assert answer.json()["error"]["details"][0]["path"] == "externalId"
    assert not Target.objects.exists()


@pytest.mark.parametrize(
    ("status", "operation", "members", "path"),
    [
        (Status.OPEN, "create", SAME, "externalId"),
        (Status.IN_PROGRESS, "cancel", SAME, "operation"),
        (Status.IN_PROGRESS, "update", PLANNING, "planning.dueDate"),
        (Status.IN_PROGRESS, "update", PLACE, "address.street"),
        (Status.COMPLETED, "cancel", SAME, "operation"),
        (Status.COMPLETED, "update", TITLE, "externalId"),
        (Status.CANCELLED, "update", TITLE, "operation"),
    ],
)
def test_a_refusal_names_the_field(
    api: Api, status: Status, operation: str, members: dict[str, Any], path: str
) -> None:
    _stored(api, status)
    error = send(api, operation=operation, **members).json()["error"]
    assert error["details"][0]["path"] == path


def test_a_target_whose_place_is_its_location_is_replanned_with_it(
    api: Api, told: dict[str, list[set[int]]]
) -> None:
    customer = {"externalId": "C", "name": "A"}
    send(api, customer=customer, location={"externalId": "L-1", "city": "Essen"})
    target = Target.objects.get()
    Target.objects.update(status=Status.SCHEDULED)
    send(api, location={"externalId": "L-2", "city": "Bochum"})
    assert told == {CANCELLED: [], REPLANNED: [{target.pk}]}

    Target.objects.update(status=Status.IN_PROGRESS)
    answer = send(api, location={"externalId": "L-1"})
    assert result(answer) == "422 target_in_progress"
    assert answer.json()["error"]["details"][0]["path"] == "location"


def test_opening_a_cancelled_target_again_is_said(api: Api) -> None:
    _stored(api, Status.CANCELLED)
    assert warnings(send(api, **FIRST)) == ["target_reopened"]
    assert warnings(send(api, **FIRST)) == []
    assert Target.objects.get().revision == 2


def test_a_reaction_sees_the_change_and_undoes_it_when_it_breaks(api: Api) -> None:
    target = _stored(api, Status.SCHEDULED)
    before = _row(target)
    seen: list[str] = []

    def broken(ids: Any) -> None:
        seen.extend(Target.objects.filter(pk__in=ids).values_list("status", flat=True))
        raise RuntimeError("secret inside")

    reactions.register(CANCELLED, broken)
    try:
        answer = send(api, operation="cancel")
    finally:
        reactions.unregister(CANCELLED, broken)

    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (500, "internal_error")
    assert "secret" not in answer.content.decode()
    assert seen == [Status.CANCELLED]
    assert _row(target) == before
    job = api.get(f"/import-jobs/{error['importJobId']}").json()
    assert (job["status"], job["rejectedItems"]) == ("Failed", 1)
    item = api.get(f"/import-jobs/{error['importJobId']}/items").json()["results"][0]
    assert (item["status"], item["errorCode"]) == ("Rejected", "internal_error")


def test_validate_only_lets_reactions_run_and_rolls_them_back(
    api: Api, told: dict[str, list[set[int]]]
) -> None:
    target = _stored(api, Status.SCHEDULED)
    before = _row(target)
    assert result(send(api, query="?validateOnly=true", operation="cancel")) == "Cancelled"
    assert told[CANCELLED] == [{target.pk}]
    assert _row(target) == before


def test_the_timeline_tells_what_changed_and_nothing_of_what_did_not(api: Api) -> None:
    target = _stored(api, Status.OPEN)
    send(api, **FIRST)
    update = send(api, **{**FIRST, **PLANNING}).json()["importJobId"]
    send(api, operation="update", planning={"estimatedWorkMinutes": 0})
    send(api, operation="cancel")
    lines = TimelineEntry.objects.filter(subject_type="targets.target", subject_id=target.pk).order_by("id")
    assert [line.action for line in lines] == ["target.created", "target.updated", "target.cancelled"]
    assert lines[1].details == {"importJobId": update, "changes": {"due_date": ["2026-07-01", "2026-07-02"]}}
    assert lines[2].details["changes"] == {"status": ["Open", "Cancelled"]}


def test_a_cancel_leaves_the_records_of_a_target_alone(api: Api) -> None:
    send(api, customer={"externalId": "C", "name": "A"}, location={"externalId": "L"})
    before = _row(Target.objects.get())
    answer = send(api, operation="cancel", customer=None, location={"externalId": "X"}, title="Other")
    assert imported(answer)["customerMapping"] is None
    row = _row(Target.objects.get())
    changed = {column for column in row if row[column] != before[column]}
    assert changed == {"status", "revision", "updated_at", "place", "last_import_job_id"}


def test_flat_customer_data_of_a_cancel_does_not_touch_the_mapping(api: Api) -> None:
    send(api, customer={"externalId": "C", "name": "A"})
    mapping = Target.objects.get().mapping
    api.client.scopes = [scope for scope in api.client.scopes if scope != "customers.map"]
    api.client.save()
    answer = api.post("/inbound/targets", payload(operation="cancel", customer={"name": "B"}))
    assert imported(answer)["customerMapping"] is None
    assert Target.objects.get().mapping == mapping
    assert Target.objects.get().customer_text is None
