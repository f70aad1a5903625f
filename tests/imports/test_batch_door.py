"""What a batch is answered at the door: stored or refused as a whole, its forms judged item by item."""

import json
from typing import Any

import pytest

from customers.models import Customer
from integrations.models import IdempotencyRecord, IntegrationClient
from integrations.scopes import Scope
from targets.imports.api.schema.operations import EXAMPLES
from targets.imports.models import ImportItem, ImportJob
from targets.models import Target
from tests import factories
from tests.api import BASE, Api
from tests.imports.batching import COUNTERS, ONLY, PATH, accepted, counted, fates, job, many, one, send, work
from tests.imports.mapped import without
from tests.imports.sending import assert_error_shape, assert_nothing_stored

pytestmark = pytest.mark.django_db


def _refused(answer: Any, status: int, code: str) -> list[tuple[str, str]]:
    """Path and code of each detail of a refusal, after which nothing is stored."""
    error = assert_error_shape(answer)
    assert (answer.status_code, error["code"]) == (status, code)
    assert_nothing_stored()
    return [(detail["path"], detail["code"]) for detail in error.get("details", [])]


def test_the_example_works_as_it_stands(api: Api) -> None:
    answer = api.post(PATH, (EXAMPLES / "inbound-batch.json").read_bytes())
    assert answer.status_code == 202
    job_id = answer.json()["importJobId"]
    work(job_id)
    assert fates(api, job_id) == ["Created", "Created"]
    names = Customer.objects.order_by("name").values_list("name", "number")
    assert list(names) == [("Berg Retail Group", "BR-019"), ("Rhein-Ruhr Medical Supply", "RRM-001")]


def test_items_are_pending_or_refused_at_once_and_nothing_is_worked_off_yet(api: Api) -> None:
    answer = send(api, [one(0), one(1, title=None), one(2)])
    body = answer.json()
    path = f"{BASE}/import-jobs/{body['importJobId']}"
    assert (answer.status_code, answer.headers["Location"]) == (202, path)
    refused = {"path": "title", "code": "required", "message": "A title of 1 to 200 characters is needed."}
    assert body == {
        "importJobId": ImportJob.objects.get().pk,
        "status": "Accepted",
        **COUNTERS,
        "totalItems": 3,
        "pendingItems": 2,
        "rejectedItems": 1,
        "items": [
            {"index": 0, "externalId": "T-0", "status": "Pending"},
            {
                "index": 1,
                "externalId": "T-1",
                "status": "Rejected",
                "errorCode": "validation_failed",
                "errorMessage": "One or more fields are invalid.",
                "errors": [refused],
                "warnings": [],
            },
            {"index": 2, "externalId": "T-2", "status": "Pending"},
        ],
        "links": {"importJob": path},
    }
    assert not Target.objects.exists()
    stored = job(api, body["importJobId"])
    assert (stored["status"], stored["progressPercent"], stored["startedAt"]) == ("Accepted", 33, None)


def test_a_hundred_items_are_listed_and_all_are_stored(api: Api) -> None:
    body = send(api, many(101)).json()
    assert [item["index"] for item in body["items"]] == list(range(100))
    assert body["totalItems"] == ImportItem.objects.count() == 101


def test_a_batch_whose_forms_are_all_wrong_has_failed_when_the_answer_comes(api: Api) -> None:
    body = send(api, [{"title": "No id"}, one(externalId="x" * 129)]).json()
    stored = job(api, body["importJobId"])
    assert (stored["status"], stored["progressPercent"]) == ("Failed", 100)
    assert (stored["startedAt"], stored["finishedAt"]) == (None, stored["createdAt"])
    assert fates(api, body["importJobId"]) == ["missing_external_id", "validation_failed"]


def test_targets_is_another_name_for_items(api: Api) -> None:
    answer = api.post(PATH, {"targets": [one()], "batchId": "night"})
    job_id = answer.json()["importJobId"]
    work(job_id)
    assert fates(api, job_id) == ["Created"]
    assert job(api, job_id)["batchId"] == "night"


def test_items_that_are_no_objects_are_refused_alone(api: Api) -> None:
    job_id = accepted(api, [5, None, "text", [one()], one(9), True])
    work(job_id)
    assert fates(api, job_id) == [*["validation_failed"] * 4, "Created", "validation_failed"]
    rows = ImportItem.objects.order_by("index")
    assert [row.payload for row in rows] == [5, None, "text", [one()], one(9), True]
    assert {row.external_id for row in rows} == {"", "T-9"}
    assert job(api, job_id)["status"] == "PartiallyFailed"


def test_one_bad_item_among_a_thousand_good_ones_stands_alone(api: Api) -> None:
    items = many(1000)
    items[471] = one(471, planning={"estimatedWorkMinutes": 0})
    job_id = accepted(api, items)
    work(job_id)
    stored = job(api, job_id)
    assert counted(stored) == {"totalItems": 1000, "createdItems": 999, "rejectedItems": 1}
    assert stored["status"] == "PartiallyFailed"
    refused = api.get(f"/import-jobs/{job_id}/items?status=Rejected").json()["results"]
    assert [(item["index"], item["errors"][0]["path"]) for item in refused] == [
        (471, "planning.estimatedWorkMinutes")
    ]
    assert not Target.objects.filter(external_id="T-471").exists()


# --- Shared members ----------------------------------------------------------------------------------------


def test_what_the_batch_says_holds_for_every_item_that_does_not_say_otherwise(api: Api) -> None:
    work(accepted(api, many(3)))
    job_id = accepted(
        api,
        [{"externalId": "T-0"}, {"externalId": "T-1", "operation": None}, one(2, operation="upsert")],
        operation="cancel",
        sourceSystem="logistics_erp",
        batchId="b",
    )
    work(job_id)
    assert fates(api, job_id) == ["Cancelled", "Cancelled", "Unchanged"]
    kept = ImportItem.objects.filter(job=job_id).order_by("index").values_list("payload", flat=True)
    assert [item["operation"] for item in kept] == ["cancel", "cancel", "upsert"]


def test_a_strange_source_system_is_refused_item_by_item(api: Api) -> None:
    job_id = accepted(api, [one(1), one(2, sourceSystem="logistics_erp")], sourceSystem="crm")
    work(job_id)
    assert fates(api, job_id) == ["source_system_not_allowed", "Created"]


@pytest.mark.parametrize(
    ("members", "fault"),
    [
        ({"operation": "insert"}, ("operation", "invalid_choice")),
        ({"operation": 5}, ("operation", "invalid_choice")),
        ({"sourceSystem": 5}, ("sourceSystem", "invalid")),
        ({"batchId": 5}, ("batchId", "invalid")),
        ({"batchId": "x" * 129}, ("batchId", "max_length")),
    ],
)
def test_a_fault_beside_the_items_refuses_the_batch(
    api: Api, members: dict[str, Any], fault: tuple[str, str]
) -> None:
    assert _refused(send(api, [one()], **members), 400, "validation_failed") == [fault]


def test_null_beside_the_items_says_nothing_and_unknown_members_are_ignored(api: Api) -> None:
    job_id = accepted(api, [one()], operation=None, sourceSystem=None, batchId=None, note="hello")
    work(job_id)
    assert fates(api, job_id) == ["Created"]
    assert job(api, job_id)["batchId"] is None


# --- Limits ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({}, ("items", "required")),
        ({"items": None}, ("items", "required")),
        ({"items": {}}, ("items", "not_a_list")),
        ({"items": "T-1"}, ("items", "not_a_list")),
        ({"targets": 5}, ("targets", "not_a_list")),
        ({"items": []}, ("items", "min_length")),
        ({"targets": []}, ("targets", "min_length")),
        ({"items": [one()], "targets": [one()]}, ("targets", "conflicting_values")),
    ],
)
def test_a_batch_without_one_list_of_items_is_refused(
    api: Api, body: dict[str, Any], fault: tuple[str, str]
) -> None:
    assert _refused(api.post(PATH, body), 400, "validation_failed") == [fault]


@pytest.mark.parametrize("body", [[], "text", 5, None])
def test_a_body_that_is_no_object_is_refused(api: Api, body: Any) -> None:
    raw = json.dumps(body).encode()
    assert _refused(api.post(PATH, raw), 400, "validation_failed") == [("", "not_an_object")]


@pytest.mark.parametrize(("query", "most"), [("", 10_000), (ONLY, 1_000)])
def test_more_items_than_allowed_are_too_large(api: Api, query: str, most: int) -> None:
    answer = send(api, [{}] * (most + 1), query=query)
    assert _refused(answer, 413, "batch_too_large") == []
    assert f"at most {most:,} items; it has {most + 1:,}" in answer.json()["error"]["message"]


@pytest.mark.parametrize(("query", "most"), [("", 10_000), (ONLY, 1_000)])
def test_as_many_items_as_allowed_are_accepted(api: Api, query: str, most: int) -> None:
    assert send(api, [{}] * most, query=query).json()["rejectedItems"] == most


def test_twenty_one_mebibytes_are_too_many(api: Api) -> None:
    body = b'{"items": [{"externalId": "T-1", "title": "' + b"x" * (21 * 1024 * 1024) + b'"}]}'
    assert _refused(api.post(PATH, body), 413, "payload_too_large") == []


def test_two_mebibytes_are_no_trouble(api: Api) -> None:
    answer = send(api, many(150, description="x" * 15_000))
    assert answer.json()["pendingItems"] == 150


@pytest.mark.parametrize("query", ["?validateOnly=yes", "?validateOnly=", "?validateOnly=1"])
def test_a_strange_validate_only_is_refused(api: Api, query: str) -> None:
    fault = ("query.validateOnly", "invalid")
    assert _refused(send(api, [one()], query=query), 400, "validation_failed") == [fault]


# --- Scopes ------------------------------------------------------------------------------------------------


def test_a_batch_needs_a_scope_of_its_own(tenant: Any) -> None:
    client = factories.client(tenant, scopes=[Scope.TARGETS_WRITE.value, Scope.CUSTOMERS_MAP.value])
    answer = send(Api(client), [one()])
    assert assert_error_shape(answer)["requiredScope"] == "inbound.targets.batch.write"
    assert_nothing_stored()


@pytest.mark.parametrize("name", ["items", "targets"])
@pytest.mark.parametrize(
    ("members", "path"),
    [
        ({"location": {"name": "L"}}, "location"),
        ({"contact": {"displayName": "C"}}, "contact"),
        ({"customer": {"externalId": "C"}}, "customer.externalId"),
        ({"customer": {"customerNumber": "7"}}, "customer.customerNumber"),
    ],
)
def test_a_scope_that_one_item_needs_is_needed_by_the_batch_as_a_whole(
    api: Api, erp: IntegrationClient, name: str, members: dict[str, Any], path: str
) -> None:
    erp.scopes = without(Scope.CUSTOMERS_MAP)
    erp.save()
    answer = api.post(PATH, {name: [one(1), 5, one(2, **members)]})
    assert _refused(answer, 403, "missing_scope") == [(f"{name}.2.{path}", "missing_scope")]
    assert answer.json()["error"]["requiredScope"] == "customers.map"


def test_flat_customers_need_no_scope_and_are_kept_as_text(api: Api, erp: IntegrationClient) -> None:
    erp.scopes = without(Scope.CUSTOMERS_MAP)
    erp.save()
    job_id = accepted(api, [one(customer={"name": "A"}), {"externalId": "T-2", "location": None}])
    work(job_id)
    assert fates(api, job_id) == ["Created", "validation_failed"]
    assert Target.objects.get().customer_text == {"name": "A"}
    assert job(api, job_id)["warningItems"] == 1


# --- Idempotency -------------------------------------------------------------------------------------------


def test_the_same_batch_with_the_same_key_is_stored_once(api: Api) -> None:
    first, again = send(api, many(3), key="k"), send(api, many(3), key="k")
    assert again.content == first.content
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (ImportJob.objects.count(), ImportItem.objects.count()) == (1, 3)
    assert IdempotencyRecord.objects.count() == 1


def test_another_batch_with_the_same_key_is_refused_and_a_refused_one_frees_it(api: Api) -> None:
    assert send(api, [], key="k").status_code == 400
    assert send(api, [one(1)], key="k").status_code == 202
    other = send(api, [one(2)], key="k")
    assert (other.status_code, other.json()["error"]["code"]) == (409, "idempotency_conflict")
    only = send(api, [one(1)], key="k", query=ONLY)
    assert only.json()["error"]["code"] == "idempotency_conflict"
    assert ImportJob.objects.count() == 1


def test_a_replay_needs_the_scope_that_its_items_need(api: Api, erp: IntegrationClient) -> None:
    items = [one(location={"name": "L"})]
    assert send(api, items, key="k").status_code == 202
    erp.scopes = without(Scope.CUSTOMERS_MAP)
    erp.save()
    assert send(api, items, key="k").json()["error"]["code"] == "missing_scope"


def test_the_job_keeps_the_correlation_id_of_its_request(api: Api) -> None:
    answer = api.post(PATH, {"items": [one()]}, X_Correlation_Id="night/7")
    assert answer.headers["X-Correlation-Id"] == "night/7"
    assert job(api, answer.json()["importJobId"])["correlationId"] == "night/7"
