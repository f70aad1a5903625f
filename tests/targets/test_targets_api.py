"""`GET /targets` and `GET /targets/{id}`: a source system reads its own targets back."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from customers.models import ExternalReference
from integrations.models import IntegrationClient
from integrations.scopes import Scope
from targets.models import Target
from tests import factories
from tests.api import BASE, Api
from tests.imports.batching import done, many, one
from tests.imports.mapped import without
from tests.imports.sending import assert_error_shape

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
FULL: dict[str, Any] = {
    "externalType": "DeliveryOrder",
    "description": "Check the unit.",
    "templateKey": "nope",
    "customer": {"externalId": "C", "customerNumber": "7", "name": "Customer"},
    "location": {"externalId": "L", "name": "Werk", "city": "Essen", "latitude": 51.5, "longitude": 7.0},
    "contact": {"externalId": "K", "displayName": "Anna"},
    "planning": {
        "priority": "High",
        "estimatedWorkMinutes": 45,
        "dueDate": "2026-07-01",
        "timeWindowStartUtc": "2026-07-01T10:00:00+02:00",
        "timeWindowEndUtc": "2026-07-01T12:00:00Z",
        "routeDate": "2026-06-30",
        "fixedTime": True,
    },
    "customFields": {"b": 1, "a": None, "c": 1.5, "d": True, "e": "x"},
}


def _found(api: Api, query: str = "") -> list[str]:
    answer = api.get(f"/targets?pageSize=200{query}")
    assert answer.status_code == 200, answer.content
    return [target["externalId"] for target in answer.json()["results"]]


def _changed(external_id: str, at: datetime) -> None:
    Target.objects.filter(external_id=external_id).update(updated_at=at)


def test_a_target_is_told_in_full(api: Api) -> None:
    job_id = done(api, [one(1, **FULL)])
    row = Target.objects.get()
    body = api.get(f"/targets/{row.pk}").json()
    assert api.get("/targets").json()["results"] == [body]
    mapping = body.pop("customerMapping")
    assert body == {
        "id": row.pk,
        "externalId": "T-1",
        "externalType": "DeliveryOrder",
        "sourceSystem": "logistics_erp",
        "title": "Visit",
        "description": "Check the unit.",
        "status": "Open",
        "templateKey": "nope",
        "planning": {
            "priority": "High",
            "estimatedWorkMinutes": 45,
            "dueDate": "2026-07-01",
            "dueAtUtc": None,
            "preferredTimeWindowStart": "2026-07-01T08:00:00Z",
            "preferredTimeWindowEnd": "2026-07-01T12:00:00Z",
            "routeDate": "2026-06-30",
            "fixedTime": True,
        },
        "location": {
            "externalId": "L",
            "name": "Werk",
            "street": None,
            "postalCode": None,
            "city": "Essen",
            "country": None,
            "latitude": 51.5,
            "longitude": 7.0,
        },
        "address": None,
        "customFields": FULL["customFields"],
        "revision": 1,
        "lastImportJobId": job_id,
        "followUpOfTargetId": None,
        "followUpOfExternalId": None,
        "appointment": None,
        "createdAt": row.created_at.isoformat().replace("+00:00", "Z"),
        "updatedAt": row.updated_at.isoformat().replace("+00:00", "Z"),
    }
    assert list(body["customFields"]) == ["b", "a", "c", "d", "e"]
    assert mapping["status"] == "Created"
    assert mapping["customerId"] == row.customer_id
    assert set(mapping["details"]) == {"customer", "location", "contact"}


def test_what_was_not_sent_again_is_still_told(api: Api) -> None:
    done(api, [one(1, **FULL)])
    row = Target.objects.get()
    done(api, [one(1, customer=FULL["customer"])])
    mapping = api.get(f"/targets/{row.pk}").json()["customerMapping"]
    assert row.contact_id is not None
    assert (mapping["status"], set(mapping["details"])) == ("Mapped", {"customer"})
    ids = ("customerId", "customerLocationId", "customerContactId")
    assert [mapping[name] for name in ids] == [row.customer_id, row.location_id, row.contact_id]


def test_a_plain_target_has_nulls_and_its_address(api: Api) -> None:
    done(api, [one(1, address={"city": "Essen", "country": "DE"})])
    body = api.get("/targets").json()["results"][0]
    assert body["address"] == {
        "street": None,
        "postalCode": None,
        "city": "Essen",
        "country": "DE",
        "latitude": None,
        "longitude": None,
    }
    nulls = ("externalType", "templateKey", "location", "customerMapping", "appointment")
    assert [body[name] for name in nulls] == [None] * 5
    assert (body["description"], body["customFields"]) == ("", {})


def test_without_the_scope_for_customers_mapping_and_location_are_cut(
    api: Api, erp: IntegrationClient
) -> None:
    erp.create_contacts = False
    erp.save()
    done(api, [one(1, **FULL)])
    erp.scopes = without(Scope.CUSTOMERS_READ)
    erp.save()
    body = api.get("/targets").json()["results"][0]
    assert body["location"] == {"externalId": "L"}
    assert body["customerMapping"] == {
        "status": "PartiallyMapped",
        "warnings": [{"code": "contact_not_found"}],
    }
    text = str(body)
    assert "Werk" not in text
    assert "Customer" not in text.replace("customer", "")


def test_a_location_is_told_by_this_source_systems_id_only(api: Api, erp: IntegrationClient) -> None:
    done(api, [one(1, **FULL)])
    ExternalReference.objects.filter(kind="location").update(
        source_system=factories.source_system(erp.tenant, "crm")
    )
    assert api.get("/targets").json()["results"][0]["location"]["externalId"] is None


def test_targets_need_their_scope(api: Api, erp: IntegrationClient) -> None:
    done(api, [one(1)])
    erp.scopes = without(Scope.TARGETS_READ)
    erp.save()
    for path in ("/targets", f"/targets/{Target.objects.get().pk}"):
        answer = api.get(path)
        assert (answer.status_code, assert_error_shape(answer)["requiredScope"]) == (403, "targets.read")


def test_a_replacement_client_sees_the_targets_of_its_source_system_and_nobody_else_does(
    api: Api, erp: IntegrationClient
) -> None:
    done(api, many(2))
    row = Target.objects.order_by("id")[0]
    heir = Api(factories.client(erp.tenant))
    assert _found(heir) == ["T-0", "T-1"]
    assert heir.get(f"/targets/{row.pk}").json()["externalId"] == "T-0"
    for other in (
        factories.client(erp.tenant, source="crm"),
        factories.client(factories.tenant()),
        factories.client(factories.twin(erp.tenant)),
    ):
        assert _found(Api(other)) == []
        answer = Api(other).get(f"/targets/{row.pk}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize("target_id", ["0", "99999999", "abc", "-1", str(2**63)])
def test_what_is_no_target_is_not_found(api: Api, target_id: str) -> None:
    assert api.get(f"/targets/{target_id}").status_code == 404


def test_targets_come_in_the_order_in_which_they_changed(api: Api) -> None:
    done(api, many(3))
    for external_id, minutes in (("T-0", 2), ("T-1", 1), ("T-2", 1)):
        _changed(external_id, NOON + timedelta(minutes=minutes))
    assert _found(api) == ["T-1", "T-2", "T-0"]


def test_changes_since_a_time_overlap_by_five_minutes(api: Api) -> None:
    done(api, many(4))
    edge = NOON - timedelta(minutes=5)
    moments = (edge - timedelta(microseconds=1), edge, NOON, NOON + timedelta(hours=1))
    for number, moment in enumerate(moments):
        _changed(f"T-{number}", moment)
    assert _found(api, "&updatedSince=2026-07-01T12:00:00Z") == ["T-1", "T-2", "T-3"]
    assert _found(api, f"&updatedSince={quote('2026-07-01T15:05:00+02:00')}") == ["T-3"]
    assert _found(api, "&updatedSince=2026-07-01T15:05:00+02:00") == ["T-3"]
    assert _found(api, "&updatedSince=0001-01-02T00:00:00Z") == ["T-0", "T-1", "T-2", "T-3"]


def test_polling_sees_what_changed_and_not_what_only_moved(api: Api) -> None:
    done(api, many(3))
    for number in range(3):
        _changed(f"T-{number}", NOON)
    done(api, [one(0), one(1, title="Other"), one(2, operation="cancel")])
    assert _found(api, "&updatedSince=2026-07-01T13:00:00Z") == ["T-1", "T-2"]
    revisions = {row["externalId"]: row["revision"] for row in api.get("/targets").json()["results"]}
    assert revisions == {"T-0": 1, "T-1": 2, "T-2": 2}


def test_targets_are_found_by_external_id_and_status(api: Api) -> None:
    done(api, [one(1), one(2), one(" 3 ")])
    done(api, [one(2, operation="cancel")])
    assert _found(api, "&externalId=T-2") == ["T-2"]
    assert _found(api, "&externalId=T-") == []
    assert _found(api, f"&externalId={quote('T- 3 ')}") == ["T- 3 "]
    assert _found(api, "&status=Cancelled") == ["T-2"]
    assert sorted(_found(api, "&status=Open")) == ["T- 3 ", "T-1"]
    assert _found(api, "&status=Open&externalId=T-2") == []


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("status=open", ("query.status", "invalid")),
        ("status=", ("query.status", "blank")),
        ("externalId=", ("query.externalId", "blank")),
        ("updatedSince=2026-07-01", ("query.updatedSince", "invalid")),
        ("updatedSince=2026-07-01T12:00:00", ("query.updatedSince", "invalid")),
        ("updatedSince=1&updatedSince=2", ("query.updatedSince", "repeated")),
        ("since=2026-07-01T12:00:00Z", ("query.since", "unknown_parameter")),
        ("pageSize=0", ("query.pageSize", "invalid")),
        ("cursor=x", ("query.cursor", "invalid")),
    ],
)
def test_a_bad_parameter_is_refused_by_its_name(api: Api, query: str, fault: tuple[str, str]) -> None:
    answer = api.get(f"/targets?{query}")
    error = assert_error_shape(answer)
    assert (answer.status_code, error["code"]) == (400, "validation_failed")
    assert fault in [(detail["path"], detail["code"]) for detail in error["details"]]


def test_pages_go_there_and_back_over_targets_of_one_instant(api: Api) -> None:
    done(api, many(5))
    Target.objects.update(updated_at=NOON)
    seen: list[str] = []
    back: list[str] = []
    path = "/targets?pageSize=2&status=Open"
    while path:
        page = api.get(path).json()
        seen += [row["externalId"] for row in page["results"]]
        previous, path = page["previous"], (page["next"] or "").removeprefix(BASE)
    while previous:
        page = api.get(previous.removeprefix(BASE)).json()
        back = [row["externalId"] for row in page["results"]] + back
        previous = page["previous"]
    assert seen == [f"T-{number}" for number in range(5)]
    assert back == seen[:4]


def test_a_page_costs_the_same_however_many_targets_it_has(api: Api, django_assert_num_queries: Any) -> None:
    places = [{"externalId": f"L-{number}", "name": "L"} for number in range(20)]
    owner = {"externalId": "C", "name": "C"}
    done(api, [one(number, location=place, customer=owner) for number, place in enumerate(places)])
    api.get("/targets")
    with django_assert_num_queries(3):
        found = api.get("/targets").json()["results"]
    assert {target["location"]["externalId"] for target in found} == {f"L-{n}" for n in range(20)}
