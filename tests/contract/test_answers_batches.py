"""Batches, their jobs and the targets they made: every answer is what the document says of it."""

import json
from typing import Any

import pytest

from integrations.models import IntegrationClient
from integrations.scopes import Scope
from targets.imports.api.schema.codes import ITEM_CODES, ITEM_WARNINGS
from targets.imports.api.schema.operations import EXAMPLES
from targets.models import Target
from tests.api import BASE, Api
from tests.contract.described import Check, Described
from tests.imports.batching import ONLY, PATH, accepted, done, many, one, send, work
from tests.imports.mapped import without

pytestmark = pytest.mark.django_db

JOB = "/import-jobs/{jobId}"
FULL: dict[str, Any] = {
    "customer": {"externalId": "C", "name": "Customer"},
    "location": {"externalId": "L", "name": "Werk", "city": "Essen", "country": "DE"},
    "contact": {"externalId": "K", "displayName": "Anna"},
}


@pytest.mark.parametrize("name", ["inbound-batch", "inbound-batch-cancel"])
def test_the_example_of_a_batch_fits_its_schema_and_is_answered_as_described(
    api: Api, checked: Check, described: Described, name: str
) -> None:
    body = (EXAMPLES / f"{name}.json").read_bytes()
    request = described.document["paths"][PATH]["post"]["requestBody"]["content"]["application/json"]
    assert described.faults(json.loads(body), request["schema"]) == []
    assert json.loads(body) in [example["value"] for example in request["examples"].values()]
    assert checked(api.post(PATH, body), "post", PATH, 202)["pendingItems"] == 2


def test_pending_and_refused_items_are_answered_as_described(api: Api, checked: Check) -> None:
    answer = send(api, [one(1), {"title": "Nameless"}, 5, one(2, title=7)])
    body = checked(answer, "post", PATH, 202)
    assert [item["status"] for item in body["items"]] == ["Pending", *["Rejected"] * 3]
    job = checked(api.get(f"/import-jobs/{body['importJobId']}"), "get", JOB, 200)
    assert (job["status"], job["startedAt"], job["finishedAt"]) == ("Accepted", None, None)


def test_items_of_a_batch_are_as_described(api: Api, checked: Check) -> None:
    job_id = done(api, [one(1, **FULL, surprise=1), one(1), one(2, operation="update"), one(3)])
    page = checked(api.get(f"/import-jobs/{job_id}/items?pageSize=3"), "get", f"{JOB}/items", 200)
    assert page["results"][1]["warnings"][0]["code"] == "duplicate_in_batch"
    assert {"duplicate_in_batch", "unknown_field"} <= ITEM_WARNINGS.keys()
    assert page["results"][2]["errorCode"] in ITEM_CODES
    last = checked(api.get(page["next"].removeprefix(BASE)), "get", f"{JOB}/items", 200)
    assert (len(last["results"]), last["next"]) == (1, None)


def test_a_list_of_jobs_is_as_described(api: Api, checked: Check) -> None:
    for number in range(3):
        done(api, [one(number)], batchId="b")
    accepted(api, [one(9)], query=ONLY)
    page = checked(api.get("/import-jobs?pageSize=2"), "get", "/import-jobs", 200)
    assert [job["validateOnly"] for job in page["results"]] == [True, False]
    checked(api.get(page["next"].removeprefix(BASE)), "get", "/import-jobs", 200)


def test_cancel_and_retry_are_as_described(api: Api, checked: Check) -> None:
    job_id = accepted(api, many(2))
    cancel, retry = f"/import-jobs/{job_id}/cancel", f"/import-jobs/{job_id}/retry"
    checked(api.post(retry), "post", f"{JOB}/retry", 409, "conflict")
    cancelled = checked(api.post(cancel, Idempotency_Key="k"), "post", f"{JOB}/cancel", 200)
    assert cancelled == checked(api.post(cancel, Idempotency_Key="k"), "post", f"{JOB}/cancel", 200)
    checked(api.post(cancel), "post", f"{JOB}/cancel", 409, "conflict")
    answer = api.post(retry)
    retried = checked(answer, "post", f"{JOB}/retry", 202)
    assert answer.headers["Location"] == f"{BASE}/import-jobs/{retried['id']}"
    assert (cancelled["status"], retried["retryOf"]) == ("Cancelled", job_id)
    work(retried["id"])
    again = f"/import-jobs/{retried['id']}/retry"
    checked(api.post(again), "post", f"{JOB}/retry", 409, "conflict")


def test_a_retry_without_the_mapping_scope_is_refused_as_described(
    api: Api, erp: IntegrationClient, checked: Check
) -> None:
    job_id = done(api, [one(1, operation="update", **FULL)])
    erp.scopes = without(Scope.CUSTOMERS_MAP)
    erp.save()
    checked(api.post(f"/import-jobs/{job_id}/retry"), "post", f"{JOB}/retry", 403, "missing_scope")
    checked(send(api, [one(1, **FULL)]), "post", PATH, 403, "missing_scope")


@pytest.mark.parametrize("verb", ["cancel", "retry"])
def test_jobs_of_nobody_are_answered_as_described(api: Api, checked: Check, verb: str) -> None:
    checked(api.post(f"/import-jobs/1/{verb}"), "post", f"{JOB}/{verb}", 404, "not_found")


def test_the_errors_file_is_as_described(api: Api, described: Described) -> None:
    job_id = done(api, [one(1, title=5)])
    path = f"/import-jobs/{job_id}/errors.csv"
    described.check(api.get(path), "get", f"{JOB}/errors.csv")
    described.check(api.get(path, Accept="image/png"), "get", f"{JOB}/errors.csv")
    example = described.document["paths"][f"{JOB}/errors.csv"]["get"]["responses"]["200"]["content"]
    head = next(iter(example["text/csv"]["examples"].values()))["value"].splitlines()[0]
    assert b"".join(api.get(path).streaming_content).decode().splitlines()[0] == head


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"items": []}, 400, "validation_failed"),
        ({"items": [{}] * 10_001}, 413, "batch_too_large"),
        (b" " * (20 * 1024 * 1024 + 1), 413, "payload_too_large"),
        (b"[", 400, "invalid_json"),
    ],
)
def test_refused_batches_are_answered_as_described(
    api: Api, checked: Check, body: Any, status: int, code: str
) -> None:
    checked(api.post(PATH, body), "post", PATH, status, code)


@pytest.mark.parametrize("path", ["/import-jobs", "/import-jobs/{jobId}/items", "/targets"])
def test_every_filter_is_described_and_no_other_is_known(
    api: Api, checked: Check, described: Described, path: str
) -> None:
    concrete = path.replace("{jobId}", str(done(api, [one(1)])))
    described_names = [
        parameter["name"]
        for parameter in described.document["paths"][path]["get"]["parameters"]
        if parameter.get("in") == "query"
    ]
    assert {"cursor", "pageSize", "status", "externalId"} <= set(described_names)
    for name in described_names:
        answer = checked(api.get(f"{concrete}?{name}="), "get", path, 400, "validation_failed")
        assert {detail["path"] for detail in answer["error"]["details"]} == {f"query.{name}"}
        assert {detail["code"] for detail in answer["error"]["details"]} <= {"blank", "invalid"}
    answer = checked(api.get(f"{concrete}?nothing=1"), "get", path, 400, "validation_failed")
    assert [detail["code"] for detail in answer["error"]["details"]] == ["unknown_parameter"]


def test_targets_are_as_described(api: Api, erp: IntegrationClient, checked: Check) -> None:
    done(api, [one(1, **FULL, planning={"dueDate": "2026-07-01"}), one(2, address={"city": "Essen"}), one(3)])
    page = checked(api.get("/targets?pageSize=2"), "get", "/targets", 200)
    checked(api.get(page["next"].removeprefix(BASE)), "get", "/targets", 200)
    row = Target.objects.get(external_id="T-1")
    checked(api.get(f"/targets/{row.pk}"), "get", "/targets/{targetId}", 200)
    erp.scopes = without(Scope.CUSTOMERS_READ)
    erp.save()
    cut = checked(api.get(f"/targets/{row.pk}"), "get", "/targets/{targetId}", 200)
    assert cut["location"] == {"externalId": "L"}


def test_targets_of_nobody_are_answered_as_described(api: Api, checked: Check) -> None:
    checked(api.get("/targets/1"), "get", "/targets/{targetId}", 404, "not_found")
