"""Jobs and items as they are read: counters, links, pages; and the templates that imports may name."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from integrations.models import IntegrationClient
from integrations.scopes import Scope
from ordinavo.tenants.models import Tenant
from targets.imports.models import ImportItem, ImportJob
from targets.models import TargetTemplate
from tests import factories
from tests.api import BASE, Api
from tests.imports.sending import assert_error_shape, send

COUNTERS = {
    f"{name}Items": 0
    for name in (
        *("total", "pending", "created", "updated", "unchanged", "cancelled", "rejected", "skipped"),
        *("warning", "needsReview"),
    )
}


def _job(api: Api, answer: Any) -> dict[str, Any]:
    body = answer.json()
    job: dict[str, Any] = api.get(
        f"/import-jobs/{body.get('importJobId') or body['error']['importJobId']}"
    ).json()
    return job


def test_a_finished_job_tells_all_there_is_to_tell(api: Api) -> None:
    answer = send(api, unknown=1, query="")
    body = answer.json()
    path = f"{BASE}/import-jobs/{body['importJobId']}"
    counted = COUNTERS | {"totalItems": 1, "createdItems": 1, "warningItems": 1}
    assert answer.headers["Location"] == path
    assert {name: body[name] for name in COUNTERS} == counted
    assert (body["status"], body["links"]) == ("Accepted", {"importJob": path})

    job = api.get(f"/import-jobs/{body['importJobId']}").json()
    row = ImportJob.objects.get()
    times = {name: job.pop(name) for name in ("createdAt", "startedAt", "finishedAt")}
    assert times["createdAt"] == times["startedAt"] <= times["finishedAt"]
    assert all(time.endswith("Z") for time in times.values())
    assert job == {
        "id": row.id,
        "status": "Completed",
        **counted,
        "progressPercent": 100,
        "validateOnly": False,
        "batchId": None,
        "correlationId": answer.headers["X-Correlation-Id"],
        "retryOf": None,
        "links": {"self": path, "items": f"{path}/items", "errors": f"{path}/errors.csv"},
    }


def test_the_job_keeps_the_callers_correlation_id(api: Api) -> None:
    answer = api.post("/inbound/targets", {"externalId": "T", "title": "t"}, X_Correlation_Id="abc/1")
    assert _job(api, answer)["correlationId"] == "abc/1"
    assert api.get(f"/import-jobs/{answer.json()['importJobId']}").headers["X-Correlation-Id"] != "abc/1"


@pytest.mark.parametrize(
    ("members", "counter", "status"),
    [
        ({"title": "Other"}, "updatedItems", "Completed"),
        ({}, "unchangedItems", "Completed"),
        ({"operation": "cancel"}, "cancelledItems", "Completed"),
        ({"operation": "create"}, "rejectedItems", "Failed"),
        ({"title": ""}, "rejectedItems", "Failed"),
    ],
)
def test_counters_say_what_became_of_the_item(
    api: Api, members: dict[str, Any], counter: str, status: str
) -> None:
    send(api)
    job = _job(api, send(api, **members))
    assert {name: job[name] for name in COUNTERS} == COUNTERS | {"totalItems": 1, counter: 1}
    assert (job["status"], job["progressPercent"]) == (status, 100)


def test_a_doubtful_customer_is_counted(api: Api, erp: IntegrationClient) -> None:
    erp.mapping_strategy = "ManualOnly"
    erp.save()
    job = _job(api, send(api, customer={"externalId": "C", "name": "A"}))
    assert (job["needsReviewItems"], job["warningItems"], job["createdItems"]) == (1, 1, 1)


def test_a_job_that_runs_tells_how_far_it_came(api: Api) -> None:
    job_id = send(api).json()["importJobId"]
    ImportJob.objects.update(
        status="Processing",
        kind="batch",
        batch_id="b-1",
        total_items=7,
        pending_items=4,
        created_items=1,
        rejected_items=2,
        finished_at=None,
    )
    job = api.get(f"/import-jobs/{job_id}").json()
    assert (job["status"], job["progressPercent"], job["batchId"]) == ("Processing", 42, "b-1")
    assert job["finishedAt"] is None


def test_items_are_the_answer_again(api: Api) -> None:
    answer = send(api, customer={"externalId": "C", "name": "A"}, unknown=1)
    page = api.get(f"/import-jobs/{answer.json()['importJobId']}/items").json()
    assert page == {"results": answer.json()["items"], "next": None, "previous": None}


def _many(api: Api, count: int) -> str:
    job_id = send(api).json()["importJobId"]
    first = ImportItem.objects.get()
    ImportItem.objects.bulk_create(
        ImportItem(
            tenant=first.tenant,
            job=first.job,
            index=index,
            place=first.place + index,
            external_id=f"T-{index}",
            payload={},
            status="Pending" if index % 2 else "Skipped",
        )
        for index in range(1, count)
    )
    return f"/import-jobs/{job_id}/items"


def _page(api: Api, path: str) -> tuple[list[int], str | None, str | None]:
    body = api.get(path).json()
    links = [link and link.removeprefix(BASE) for link in (body["next"], body["previous"])]
    return [item["index"] for item in body["results"]], links[0], links[1]


def test_items_are_paged_by_index_there_and_back(api: Api) -> None:
    path = _many(api, 7)
    indexes, following, previous = _page(api, f"{path}?pageSize=3")
    assert (indexes, previous) == ([0, 1, 2], None)
    assert following is not None
    assert parse_qs(urlsplit(following).query)["pageSize"] == ["3"]
    indexes, following, previous = _page(api, following)
    assert indexes == [3, 4, 5]
    assert following is not None
    assert previous is not None
    assert _page(api, previous)[::2] == ([0, 1, 2], None)
    indexes, nothing, previous = _page(api, following)
    assert (indexes, nothing) == ([6], None)
    assert previous is not None
    assert _page(api, previous)[0] == [3, 4, 5]


def test_items_that_are_not_done_have_only_a_status(api: Api) -> None:
    items = api.get(_many(api, 3)).json()["results"]
    assert items[1:] == [
        {"index": 1, "externalId": "T-1", "status": "Pending"},
        {"index": 2, "externalId": "T-2", "status": "Skipped"},
    ]


def test_a_page_has_fifty_items_if_nobody_says_otherwise_and_two_hundred_at_most(api: Api) -> None:
    path = _many(api, 202)
    assert _page(api, path)[0] == list(range(50))
    assert _page(api, f"{path}?pageSize=200")[0] == list(range(200))
    assert _page(api, f"{path}?pageSize=1")[0] == [0]


def _tampered(api: Api, path: str) -> str:
    cursor = parse_qs(urlsplit(_page(api, f"{path}?pageSize=1")[1] or "").query)["cursor"][0]
    return cursor[:-1] + ("A" if cursor[-1] != "A" else "B")


@pytest.mark.parametrize(
    ("query", "at"),
    [
        *[(f"pageSize={raw}", "query.pageSize") for raw in ("0", "201", "abc", "", "-1", "1.5", "9" * 30)],
        ("pageSize=%D9%A1", "query.pageSize"),
        ("pageSize=5%00", "query.pageSize"),
        *[(f"cursor={raw}", "query.cursor") for raw in ("", "abc", "a:b:c", "1", "%C3%BC", "%FF", "::")],
        ("cursor=%00", "query.cursor"),
        ("cursor=tampered", "query.cursor"),
    ],
)
@pytest.mark.parametrize("templates", [False, True])
def test_a_bad_page_is_refused_by_the_name_of_its_parameter(
    api: Api, query: str, at: str, templates: bool
) -> None:
    path = _many(api, 3)
    query = query.replace("tampered", _tampered(api, path))
    answer = api.get(f"{'/target-templates' if templates else path}?{query}")
    error = assert_error_shape(answer)
    assert (answer.status_code, error["code"]) == (400, "validation_failed")
    assert [detail["path"] for detail in error["details"]] == [at]


# --- GET /target-templates -----------------------------------------------------------------


def _template(tenant: Tenant, key: str, **fields: Any) -> TargetTemplate:
    return TargetTemplate.objects.create(tenant=tenant, key=key, name=key.title(), **fields)


def test_templates_are_the_tenants_own_active_ones(api: Api, tenant: Tenant) -> None:
    _template(tenant, "visit", default_priority="High", default_estimated_work_minutes=20, description="d")
    _template(tenant, "audit")
    _template(tenant, "old", active=False)
    _template(factories.tenant(), "foreign")
    _template(factories.twin(tenant), "twin")
    assert api.get("/target-templates").json() == {
        "results": [
            {
                "key": "visit",
                "name": "Visit",
                "description": "d",
                "defaultEstimatedWorkMinutes": 20,
                "defaultPriority": "High",
            },
            {
                "key": "audit",
                "name": "Audit",
                "description": "",
                "defaultEstimatedWorkMinutes": None,
                "defaultPriority": None,
            },
        ],
        "next": None,
        "previous": None,
    }


@pytest.mark.parametrize(
    ("scopes", "status"),
    [
        ([Scope.TARGETS_WRITE], 200),
        ([Scope.TARGETS_BATCH_WRITE], 200),
        ([Scope.TARGETS_READ], 403),
        ([], 403),
    ],
)
def test_templates_need_an_import_scope(tenant: Tenant, scopes: list[Scope], status: int) -> None:
    client = factories.client(tenant=tenant, scopes=[scope.value for scope in scopes])
    answer = Api(client).get("/target-templates")
    assert answer.status_code == status
    if status == 403:
        assert assert_error_shape(answer)["requiredScope"] == Scope.TARGETS_WRITE.value
