"""What an import tells in the history of customers, locations, contacts and targets."""

from typing import Any

import pytest

from customers.models import Contact, Customer, Location, TimelineEntry
from targets.models import Target
from tests.api import Api
from tests.imports.mapped import mapped
from tests.imports.sending import imported, send

pytestmark = pytest.mark.django_db

ALL: dict[str, Any] = {
    "customer": {"externalId": "C-1", "name": "Rhein Ruhr", "phone": "0201 123456"},
    "location": {"externalId": "L-1", "name": "Werk", "latitude": 51.45, "longitude": 7.01},
    "contact": {"externalId": "P-1", "displayName": "Anna"},
}


def _lines(after: int = 0) -> list[tuple[str, int, str]]:
    rows = TimelineEntry.objects.filter(id__gt=after).order_by("subject_type", "id")
    return [(row.subject_type, row.subject_id, row.action) for row in rows]


def _last() -> int:
    return TimelineEntry.objects.order_by("-id").values_list("id", flat=True).first() or 0


def test_everything_new_has_its_first_line(api: Api) -> None:
    answer = api.post(
        "/inbound/targets", {"externalId": "T-1", "title": "Visit", **ALL}, X_Correlation_Id="corr-1"
    )
    assert _lines() == [
        ("customers.contact", Contact.objects.get().pk, "contact.created"),
        ("customers.customer", Customer.objects.get().pk, "customer.created"),
        ("customers.location", Location.objects.get().pk, "location.created"),
        ("targets.target", Target.objects.get().pk, "target.created"),
    ]
    rows = TimelineEntry.objects.all()
    assert {(row.tenant, row.actor, row.correlation_id) for row in rows} == {
        (api.client.tenant, None, "corr-1")
    }
    target = TimelineEntry.objects.get(action="target.created")
    assert target.details == {"importJobId": answer.json()["importJobId"]}


@pytest.mark.parametrize(
    ("kind", "sent", "changes"),
    [
        ("customer", {"externalId": "C-1", "phone": None}, {"phone": ["0201 123456", ""]}),
        (
            "customer",
            {"externalId": "C-1", "name": "Neu", "industry": "Steel"},
            {"name": ["Rhein Ruhr", "Neu"], "industry": ["", "Steel"]},
        ),
        (
            "location",
            {"externalId": "L-1", "latitude": None, "longitude": None},
            {"latitude": [51.45, None], "longitude": [7.01, None]},
        ),
        ("contact", {"externalId": "P-1", "displayName": "Berta"}, {"display_name": ["Anna", "Berta"]}),
    ],
)
def test_an_update_tells_what_changed(api: Api, kind: str, sent: dict[str, Any], changes: Any) -> None:
    mapped(api, **ALL)
    before = _last()
    mapped(api, **{kind: sent})
    row = TimelineEntry.objects.get(id__gt=before)
    assert (row.subject_type, row.action) == (f"customers.{kind}", f"{kind}.updated")
    assert row.details["changes"] == changes


def test_nothing_is_told_when_nothing_changes(api: Api) -> None:
    mapped(api, **ALL)
    before = _last()
    assert imported(send(api, **ALL))["result"] == "Unchanged"
    assert _lines(before) == []


def test_a_target_tells_its_changes_and_links(api: Api) -> None:
    mapped(api)
    before = _last()
    mapped(api, title="Repair", **ALL)
    row = TimelineEntry.objects.get(id__gt=before, action="target.updated")
    target = Target.objects.get()
    assert row.subject_id == target.pk
    assert row.details["changes"] == {
        "title": ["Visit", "Repair"],
        "customer": [None, target.customer_id],
        "location": [None, target.location_id],
        "contact": [None, target.contact_id],
    }


def test_a_cancelled_target_says_so(api: Api) -> None:
    send(api)
    before = _last()
    send(api, operation="cancel")
    assert [action for *_, action in _lines(before)] == ["target.cancelled"]


@pytest.mark.parametrize("members", [{"operation": "update"}, {"planning": {"dueDate": "never"}}])
def test_a_refused_import_tells_nothing(api: Api, members: dict[str, Any]) -> None:
    send(api, **ALL, **members)
    assert _lines() == []


def test_validating_only_tells_nothing(api: Api) -> None:
    send(api, query="?validateOnly=true", **ALL)
    assert _lines() == []
