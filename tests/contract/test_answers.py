"""Every answer is what the document says of it: status, headers, members and codes."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test import Client
from django.utils import timezone

from customers.models import Customer
from customers.services.records import with_keys
from integrations.models import MappingFallback, MappingStrategy
from ordinavo.kernel.choices import Priority
from ordinavo.kernel.redis import client as redis_client
from targets.api.schema.mapping import MAPPING_WARNINGS
from targets.imports.api.schema.codes import ITEM_CODES, ITEM_WARNINGS
from targets.imports.api.schema.operations import EXAMPLES
from targets.models import Target, TargetTemplate
from tests import factories
from tests.api import BASE, Answer, Api
from tests.contract.described import Check, Described

pytestmark = pytest.mark.django_db
IMPORT = "/inbound/targets"
PUBLISHED = Path(__file__).parents[1] / "examples"


def target(**members: Any) -> dict[str, Any]:
    return {"externalId": "T-1", "title": "Visit", **members}


# --- Imports -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["minimal", "with-customer", "logistics"])
def test_the_examples_fit_the_request_schema_and_are_answered_as_described(
    api: Api, checked: Check, described: Described, name: str
) -> None:
    body = (EXAMPLES / f"inbound-target-{name}.json").read_bytes()
    request = described.document["paths"][IMPORT]["post"]["requestBody"]["content"]["application/json"]
    assert described.faults(json.loads(body), request["schema"]) == []
    assert json.loads(body) in [example["value"] for example in request["examples"].values()]
    answer = checked(api.post(IMPORT, body), "post", IMPORT, 202)
    again = checked(api.post(IMPORT, body), "post", IMPORT, 202)
    assert (answer["items"][0]["result"], again["items"][0]["result"]) == ("Created", "Unchanged")


def members(value: Any, path: str = "") -> set[str]:
    """Return the paths of all members inside."""
    if isinstance(value, list):
        return set().union(*(members(inner, path) for inner in value))
    if not isinstance(value, dict):
        return {path}
    return set().union({path}, *(members(inner, f"{path}.{name}") for name, inner in value.items()))


def test_what_the_published_answer_shows_is_in_ours(api: Api, checked: Check) -> None:
    body = (EXAMPLES / "inbound-target-with-customer.json").read_bytes()
    api.post(IMPORT, body)
    answer = checked(api.post(IMPORT, body), "post", IMPORT, 202)
    published = json.loads((PUBLISHED / "import-response.json").read_text())
    assert members(published) - members(answer) == set()
    item = answer["items"][0]
    assert (answer["status"], item["status"]) == ("Accepted", "Imported")
    assert item["customerMapping"]["status"] == "Mapped"


def test_without_customers_read_the_cut_mapping_is_as_described(api: Api, checked: Check) -> None:
    api.client.scopes = [scope for scope in api.client.scopes if scope != "customers.read"]
    api.client.create_customers = False
    api.client.save()
    body = checked(api.post(IMPORT, target(customer={"externalId": "C-1"})), "post", IMPORT, 202)
    mapping = body["items"][0]["customerMapping"]
    assert mapping == {"status": "NotMapped", "warnings": [{"code": "customer_not_found"}]}


def test_customer_data_kept_as_text_is_told_as_described(api: Api, checked: Check) -> None:
    api.client.scopes = [scope for scope in api.client.scopes if scope != "customers.map"]
    api.client.save()
    body = checked(api.post(IMPORT, target(customer={"name": "Old"})), "post", IMPORT, 202)
    assert body["items"][0]["customerMapping"]["warnings"][0]["code"] == "mapping_scope_missing"


def test_a_foretold_import_is_as_described(api: Api, checked: Check) -> None:
    sent = (EXAMPLES / "inbound-target-with-customer.json").read_bytes()
    body = checked(api.post(f"{IMPORT}?validateOnly=true", sent), "post", IMPORT, 202)
    assert body["items"][0]["targetId"] is None
    job = checked(api.get(f"/import-jobs/{body['importJobId']}"), "get", "/import-jobs/{jobId}", 200)
    assert job["validateOnly"] is True
    assert not Target.objects.exists()


def test_a_replay_is_as_described(api: Api, checked: Check) -> None:
    first = api.post(IMPORT, target(), Idempotency_Key="k")
    again = api.post(IMPORT, target(), Idempotency_Key="k")
    assert checked(first, "post", IMPORT, 202) == checked(again, "post", IMPORT, 202)
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"


WARNED: dict[str, tuple[dict[str, Any], str]] = {
    "unknown_field": ({"planning": {"prio": 1}}, "planning.prio"),
    "unknown_template": ({"templateKey": "nope"}, "templateKey"),
    "address_ignored": ({"location": {"externalId": "L"}, "address": {"city": "Essen"}}, "address"),
    "contact_name_ignored": (
        {"customer": {"name": "C", "contactName": "A"}, "contact": {"displayName": "B"}},
        "customer.contactName",
    ),
}


@pytest.mark.parametrize("code", WARNED)
def test_warnings_of_an_item_are_as_described(api: Api, checked: Check, code: str) -> None:
    members, path = WARNED[code]
    body = checked(api.post(IMPORT, target(**members)), "post", IMPORT, 202)
    assert [(w["code"], w["path"]) for w in body["items"][0]["warnings"]] == [(code, path)]
    assert code in ITEM_WARNINGS


def test_a_reopened_target_is_told_as_described(api: Api, checked: Check) -> None:
    api.post(IMPORT, target())
    api.post(IMPORT, {"externalId": "T-1", "operation": "cancel"})
    body = checked(api.post(IMPORT, target()), "post", IMPORT, 202)
    assert [warning["code"] for warning in body["items"][0]["warnings"]] == ["target_reopened"]


def test_a_doubt_is_told_as_described(api: Api, checked: Check) -> None:
    api.client.mapping_strategy = MappingStrategy.EXTERNAL_ID_FIRST
    api.client.mapping_fallbacks = [MappingFallback.CUSTOMER_NUMBER]
    api.client.save()
    for name in ("One", "Two"):
        with_keys(Customer(tenant=api.client.tenant, number="N", name=name)).save()
    body = checked(
        api.post(
            IMPORT,
            target(externalId="T-9", customer={"externalId": "C-3", "customerNumber": "N", "name": "C"}),
        ),
        "post",
        IMPORT,
        202,
    )
    mapping = body["items"][0]["customerMapping"]
    assert mapping["status"] == "NeedsReview"
    assert [warning["code"] for warning in mapping["warnings"]] == ["ambiguous_customer"]
    assert mapping["warnings"][0]["code"] in MAPPING_WARNINGS


# --- Refusals ----------------------------------------------------------------------------------------------

FORM: dict[str, tuple[dict[str, Any], str, str]] = {
    "an unknown operation": ({"operation": "insert"}, "operation", "invalid_choice"),
    "a number for a text": ({"title": 5}, "title", "invalid"),
    "no title": ({"title": None}, "title", "required"),
    "too long a day": (
        {"planning": {"estimatedWorkMinutes": 1441}},
        "planning.estimatedWorkMinutes",
        "max_value",
    ),
    "a block that is none": ({"planning": []}, "planning", "invalid"),
    "half a coordinate": ({"address": {"latitude": 1}}, "address.longitude", "incomplete_coordinates"),
    "a nested custom field": ({"customFields": {"a": {}}}, "customFields", "invalid_value"),
}


@pytest.mark.parametrize("case", FORM)
def test_a_refused_form_is_as_described(api: Api, checked: Check, case: str) -> None:
    members, path, code = FORM[case]
    body = checked(api.post(IMPORT, target(**members)), "post", IMPORT, 400, "validation_failed")
    assert [(detail["path"], detail["code"]) for detail in body["error"]["details"]] == [(path, code)]
    job_id = body["error"]["importJobId"]
    page = checked(api.get(f"/import-jobs/{job_id}/items"), "get", "/import-jobs/{jobId}/items", 200)
    assert page["results"][0]["errorCode"] == "validation_failed"


def test_a_missing_external_id_is_as_described(api: Api, checked: Check) -> None:
    body = checked(api.post(IMPORT, {"title": "Visit"}), "post", IMPORT, 400, "missing_external_id")
    assert body["error"]["importJobId"]


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"operation": "update"}, "unknown_external_id"),
        ({"operation": "cancel"}, "unknown_external_id"),
        ({"sourceSystem": "other"}, "source_system_not_allowed"),
    ],
)
def test_a_refused_item_is_as_described(api: Api, checked: Check, members: dict[str, Any], code: str) -> None:
    answer = api.post(IMPORT, target(**members))
    body = checked(answer, "post", IMPORT, 422, "item_rejected")
    assert body["error"]["details"][0]["code"] == code
    assert code in ITEM_CODES
    assert answer.headers["Location"] == f"{BASE}/import-jobs/{body['error']['importJobId']}"


@pytest.mark.parametrize(
    ("status", "operation", "code"),
    [
        ("InProgress", "cancel", "target_in_progress"),
        ("Completed", "upsert", "target_closed"),
        ("Cancelled", "update", "target_closed"),
        ("Open", "create", "external_id_exists"),
    ],
)
def test_a_refusal_by_state_is_as_described(
    api: Api, checked: Check, status: str, operation: str, code: str
) -> None:
    api.post(IMPORT, target())
    Target.objects.update(status=status)
    answer = api.post(IMPORT, target(title="Other", operation=operation))
    body = checked(answer, "post", IMPORT, 422, "item_rejected")
    assert body["error"]["details"][0]["code"] == code


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "invalid_json"),
        (b"{", 400, "invalid_json"),
        (b'{"externalId": NaN}', 400, "invalid_json"),
        (b"[]", 400, "validation_failed"),
        (b" " * (1024 * 1024 + 1), 413, "payload_too_large"),
    ],
)
def test_a_body_that_is_no_object_is_refused_as_described(
    api: Api, checked: Check, body: bytes, status: int, code: str
) -> None:
    answer = checked(api.post(IMPORT, body), "post", IMPORT, status, code)
    assert "importJobId" not in answer["error"]


def test_other_media_types_are_refused_as_described(api: Api, checked: Check) -> None:
    plain = api.post(IMPORT, b"{}", content_type="text/plain")
    checked(plain, "post", IMPORT, 415, "unsupported_media_type")
    packed = api.post(IMPORT, b"{}", Content_Encoding="gzip")
    checked(packed, "post", IMPORT, 415, "unsupported_media_type")
    checked(api.post(IMPORT, target(), Accept="text/html"), "post", IMPORT, 406, "not_acceptable")
    checked(
        api.get("/integration/health", Accept="image/png"),
        "get",
        "/integration/health",
        406,
        "not_acceptable",
    )


def test_a_wrong_query_is_refused_as_described(api: Api, checked: Check) -> None:
    body = checked(api.post(f"{IMPORT}?validateOnly=yes", target()), "post", IMPORT, 400, "validation_failed")
    assert body["error"]["details"][0]["path"] == "query.validateOnly"
    for query in ("pageSize=201", "pageSize=x", "cursor=x", "a=%00"):
        answer = api.get(f"/target-templates?{query}")
        checked(answer, "get", "/target-templates", 400, "validation_failed")


def test_idempotency_keys_are_refused_as_described(api: Api, checked: Check) -> None:
    bad = api.post(IMPORT, target(), Idempotency_Key="k" * 256)
    checked(bad, "post", IMPORT, 400, "invalid_idempotency_key")
    api.post(IMPORT, target(), Idempotency_Key="k")
    other = api.post(IMPORT, target(title="Other"), Idempotency_Key="k")
    checked(other, "post", IMPORT, 409, "idempotency_conflict")


# --- Who calls ---------------------------------------------------------------------------------------------

READS = [
    "/integration/health",
    "/import-jobs",
    "/import-jobs/{jobId}",
    "/import-jobs/{jobId}/items",
    "/import-jobs/{jobId}/errors.csv",
    "/targets",
    "/targets/{targetId}",
    "/target-templates",
]


@pytest.mark.parametrize("path", READS)
def test_callers_are_refused_as_described(api: Api, checked: Check, path: str) -> None:
    concrete = path.replace("{jobId}", "1").replace("{targetId}", "1")
    nobody = Client().get(BASE + concrete)
    checked(nobody, "get", path, 401, "unauthorized")
    api.client.scopes = []
    api.client.save()
    assert checked(api.get(concrete), "get", path, 403, "missing_scope")["error"]["requiredScope"]
    api.client.ip_allowlist = ["192.0.2.0/24"]
    api.client.save()
    checked(api.get(concrete), "get", path, 403, "ip_not_allowed")
    api.client.active = False
    api.client.save()
    checked(api.get(concrete), "get", path, 403, "client_disabled")


def test_a_scope_that_the_body_needs_is_asked_for_as_described(api: Api, checked: Check) -> None:
    api.client.scopes = ["inbound.targets.write"]
    api.client.save()
    body = checked(api.post(IMPORT, target(location={"name": "L"})), "post", IMPORT, 403, "missing_scope")
    assert body["error"]["requiredScope"] == "customers.map"
    assert [detail["path"] for detail in body["error"]["details"]] == ["location"]


def test_expired_keys_are_refused_as_described(api: Api, checked: Check) -> None:
    api.key.expires_at = timezone.now() - timedelta(seconds=1)
    api.key.save()
    checked(api.post(IMPORT, target()), "post", IMPORT, 401, "unauthorized")


def test_too_many_wrong_keys_are_slowed_down_as_described(api: Api, checked: Check) -> None:
    answers = [Client().get(f"{BASE}/integration/health") for _ in range(61)]
    body = checked(answers[-1], "get", "/integration/health", 429, "rate_limited")
    assert str(body["error"]["retryAfterSeconds"]) == answers[-1].headers["Retry-After"]
    redis_client().flushdb()


# --- Reading -----------------------------------------------------------------------------------------------


def test_reads_are_as_described(api: Api, checked: Check) -> None:
    checked(api.get("/integration/health", X_Correlation_Id="mine"), "get", "/integration/health", 200)
    job_id = api.post(IMPORT, target()).json()["importJobId"]
    job = checked(api.get(f"/import-jobs/{job_id}"), "get", "/import-jobs/{jobId}", 200)
    assert (job["id"], job["status"], job["links"]["items"]) == (
        job_id,
        "Completed",
        f"{BASE}/import-jobs/{job_id}/items",
    )
    checked(api.get(f"/import-jobs/{job_id}/items"), "get", "/import-jobs/{jobId}/items", 200)


def test_pages_are_as_described(api: Api, checked: Check) -> None:
    for position in range(3):
        TargetTemplate.objects.create(tenant=api.client.tenant, key=f"k{position}", name="K")
    TargetTemplate.objects.update(default_priority=Priority.HIGH, default_estimated_work_minutes=5)
    first = checked(api.get("/target-templates?pageSize=2"), "get", "/target-templates", 200)
    second = checked(api.get(first["next"].removeprefix(BASE)), "get", "/target-templates", 200)
    assert (first["previous"], second["next"]) == (None, None)
    assert [len(first["results"]), len(second["results"])] == [2, 1]


@pytest.mark.parametrize("job_id", ["1", "abc", "-1", "99999999999999999999"])
@pytest.mark.parametrize("tail", ["", "/items", "/errors.csv"])
def test_unknown_jobs_are_as_described(api: Api, checked: Check, job_id: str, tail: str) -> None:
    checked(api.get(f"/import-jobs/{job_id}{tail}"), "get", f"/import-jobs/{{jobId}}{tail}", 404, "not_found")


def test_unknown_paths_and_methods_have_the_one_shape(api: Api, described: Described) -> None:
    described.judge(api.get("/nothing"), described.shared("not_found"))
    described.judge(api.get("/target-templates/"), described.shared("not_found"))
    described.judge(api.get(IMPORT), described.shared("method_not_allowed"))


@pytest.mark.urls("tests.probe")
def test_our_own_faults_have_the_one_shape(api: Api, described: Described) -> None:
    described.judge(api.get("/faults/database"), described.shared("unavailable"))
    described.judge(api.get("/faults/any"), described.shared("internal_error"))


@pytest.mark.django_db(transaction=True)
def test_a_key_in_progress_is_answered_as_described(checked: Check) -> None:
    api = Api(factories.client(factories.tenant()))
    api.post(IMPORT, target())
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        Target.objects.select_for_update().get()
        first = pool.submit(_post_and_close, api)
        _wait_for_an_advisory_lock()
        second = api.post(IMPORT, target(title="Other"), Idempotency_Key="k")
    checked(second, "post", IMPORT, 409, "idempotency_in_progress")
    assert second.headers["Retry-After"] == "1"
    checked(first.result(), "post", IMPORT, 202)


def _post_and_close(api: Api) -> Answer:
    try:
        return api.post(IMPORT, target(title="Other"), Idempotency_Key="k")
    finally:
        connections.close_all()


# Of this database: others on the same server have locks of their own.
_LOCKS = (
    "SELECT count(*) FROM pg_locks JOIN pg_database AS d ON d.oid = database"
    " WHERE locktype = 'advisory' AND granted AND d.datname = current_database()"
)


def _wait_for_an_advisory_lock() -> None:
    deadline = time.monotonic() + 10
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute(_LOCKS)
            if cursor.fetchone() != (0,):
                return
            time.sleep(0.02)
    raise AssertionError("The first request never took its lock.")
