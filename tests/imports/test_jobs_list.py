"""`GET /import-jobs` and the filters of items: what is found, in which order, and what is refused."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from integrations.models import IntegrationClient
from integrations.scopes import Scope
from targets.imports.models import ImportItem, ImportJob
from tests import factories
from tests.api import BASE, Api
from tests.imports.batching import accepted, done, items, job, one
from tests.imports.mapped import without
from tests.imports.sending import assert_error_shape

pytestmark = pytest.mark.django_db

LIST = "/import-jobs"


def _ids(api: Api, query: str = "") -> list[int]:
    answer = api.get(f"{LIST}?pageSize=200{query}")
    assert answer.status_code == 200, answer.content
    return [found["id"] for found in answer.json()["results"]]


def _faults(answer: Any) -> list[tuple[str, str]]:
    error = assert_error_shape(answer)
    assert (answer.status_code, error["code"]) == (400, "validation_failed")
    return [(detail["path"], detail["code"]) for detail in error["details"]]


def test_jobs_come_newest_first_as_each_of_them_is_read(api: Api) -> None:
    single = api.post("/inbound/targets", one(1)).json()["importJobId"]
    batch = accepted(api, [one(2)], batchId="b")
    body = api.get(LIST).json()
    assert body == {"results": [job(api, batch), job(api, single)], "next": None, "previous": None}


def test_a_client_sees_its_own_jobs_only(api: Api, erp: IntegrationClient) -> None:
    mine = done(api, [one(1, title=None), one(2)])
    colleague = Api(factories.client(erp.tenant))
    stranger = Api(factories.client(factories.tenant()))
    twin = Api(factories.client(factories.twin(erp.tenant)))
    for other in (colleague, stranger, twin):
        assert _ids(other) == []
        for path in ("", "/items", "/errors.csv"):
            assert other.get(f"{LIST}/{mine}{path}").status_code == 404
        for verb in ("cancel", "retry"):
            answer = other.post(f"{LIST}/{mine}/{verb}")
            assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
    assert _ids(api) == [mine]
    assert ImportJob.objects.count() == 1


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("get", "", Scope.IMPORT_JOBS_READ),
        ("get", "/{}", Scope.IMPORT_JOBS_READ),
        ("get", "/{}/items", Scope.IMPORT_JOBS_READ),
        ("get", "/{}/errors.csv", Scope.IMPORT_JOBS_READ),
        ("post", "/{}/cancel", Scope.TARGETS_BATCH_WRITE),
        ("post", "/{}/retry", Scope.TARGETS_BATCH_WRITE),
    ],
)
def test_jobs_need_their_scope(
    api: Api, erp: IntegrationClient, method: str, path: str, scope: Scope
) -> None:
    job_id = accepted(api, [one(1)])
    erp.scopes = without(scope)
    erp.save()
    answer = getattr(api, method)(LIST + path.format(job_id))
    assert answer.status_code == 403
    assert assert_error_shape(answer)["requiredScope"] == scope.value
    assert ImportJob.objects.get().status == "Accepted"


@pytest.mark.parametrize("job_id", ["0", "99999999", "abc", "-1", "1.0", str(2**63), "٣"])
def test_what_is_no_job_is_not_found(api: Api, job_id: str) -> None:
    for path in ("", "/items", "/errors.csv"):
        assert api.get(f"{LIST}/{quote(job_id)}{path}").status_code == 404
    for verb in ("cancel", "retry"):
        assert api.post(f"{LIST}/{quote(job_id)}/{verb}").status_code == 404


# --- Filters -----------------------------------------------------------------------------------------------


def test_jobs_are_found_by_status(api: Api) -> None:
    failed = done(api, [{"title": "x"}])
    partly = done(api, [{"title": "x"}, one(1)])
    complete = done(api, [one(2)])
    waiting = accepted(api, [one(3)])
    found = {status: _ids(api, f"&status={status}") for status in ImportJob.Status.values}
    assert found == {
        "Accepted": [waiting],
        "Processing": [],
        "Completed": [complete],
        "PartiallyFailed": [partly],
        "Failed": [failed],
        "Cancelled": [],
    }


def test_jobs_are_found_by_batch_id_correlation_id_and_external_id(api: Api) -> None:
    first = done(api, [one(1), one(" 2 ")], batchId="night +1")
    second = api.post("/inbound/targets", one(1), X_Correlation_Id="order/7").json()["importJobId"]
    assert _ids(api, f"&batchId={quote('night +1')}") == [first]
    assert _ids(api, "&batchId=night") == []
    assert _ids(api, "&correlationId=order%2F7") == [second]
    assert _ids(api, "&externalId=T-1") == [second, first]
    assert _ids(api, f"&externalId={quote('T- 2 ')}") == [first]
    assert _ids(api, f"&externalId={quote('T- 2')}") == []
    assert _ids(api, "&externalId=T-1&batchId=night%20%2B1") == [first]


def test_a_job_with_the_same_external_id_twice_is_found_once(api: Api) -> None:
    assert [done(api, [one(1), one(1), one(1)])] == _ids(api, "&externalId=T-1")


def test_jobs_are_found_by_the_time_of_their_acceptance(api: Api) -> None:
    ids = [accepted(api, [one(number)]) for number in range(3)]
    start = datetime(2026, 7, 1, 8, tzinfo=UTC)
    for hours, job_id in enumerate(ids):
        ImportJob.objects.filter(id=job_id).update(created_at=start + timedelta(hours=hours))
    assert _ids(api, "&createdFrom=2026-07-01T09:00:00Z") == [ids[2], ids[1]]
    assert _ids(api, "&createdTo=2026-07-01T09:00:00Z") == [ids[0]]
    assert _ids(api, "&createdFrom=2026-07-01T10:00:00%2B02:00&createdTo=2026-07-01T08:00:00.000001Z") == [
        ids[0]
    ]
    assert _ids(api, "&createdFrom=2026-07-01T11:00:00+02:00") == [ids[2], ids[1]]


def test_jobs_are_found_by_their_warnings(api: Api, erp: IntegrationClient) -> None:
    plain, warned = done(api, [one(1)]), done(api, [one(2, surprise=1)])
    erp.create_customers = False
    erp.save()
    mapped = done(api, [one(3, customer={"externalId": "C"})])
    assert _ids(api, "&hasWarnings=true") == [mapped, warned]
    assert _ids(api, "&hasWarnings=false") == [plain]


def test_items_are_found_by_status_result_mapping_and_external_id(api: Api, erp: IntegrationClient) -> None:
    done(api, [one(1), one(2)])
    erp.create_customers = False
    erp.save()
    job_id = done(
        api,
        [
            one(1),
            one(2, operation="cancel"),
            one(3, customer={"externalId": "C"}),
            one(4, operation="update"),
            one(1, title="Other"),
        ],
    )

    def indexes(query: str) -> list[int]:
        return [item["index"] for item in items(api, job_id, f"&{query}")]

    assert indexes("status=Rejected") == [3]
    assert indexes("status=Imported") == [0, 1, 2, 4]
    assert indexes("status=Pending") == indexes("status=Skipped") == []
    assert [indexes(f"result={result}") for result in ImportItem.Result.values] == [[2], [4], [0], [1]]
    assert indexes("mappingStatus=NotMapped") == [2]
    assert indexes("mappingStatus=NeedsReview") == []
    assert indexes("externalId=T-1") == [0, 4]
    assert indexes("externalId=T-1&result=Updated") == [4]


JOBS = ("status", "batchId", "correlationId", "externalId", "createdFrom", "createdTo", "hasWarnings")
ITEMS = ("status", "result", "mappingStatus", "externalId")
BAD = [
    *[("", "status", value) for value in ("completed", "Pending", "x")],
    *[
        ("", name, value)
        for name in ("createdFrom", "createdTo")
        for value in ("yesterday", "2026-07-01", "2026-07-01T08:00:00", "2026-13-01T08:00:00Z", "1")
    ],
    *[("", "hasWarnings", value) for value in ("True", "yes", "1")],
    *[("/items", "status", value) for value in ("Completed", "rejected")],
    ("/items", "result", "created"),
    ("/items", "mappingStatus", "x"),
]


@pytest.mark.parametrize(("path", "name", "value"), BAD)
def test_a_bad_value_is_refused_by_the_name_of_its_parameter(
    api: Api, path: str, name: str, value: str
) -> None:
    base = f"{LIST}/{accepted(api, [one(1)])}{path}" if path else LIST
    assert _faults(api.get(f"{base}?{name}={value}")) == [(f"query.{name}", "invalid")]


@pytest.mark.parametrize(("path", "names"), [("", JOBS), ("/items", ITEMS)])
def test_empty_and_repeated_parameters_are_refused(api: Api, path: str, names: tuple[str, ...]) -> None:
    base = f"{LIST}/{accepted(api, [one(1)])}{path}" if path else LIST
    for name in names:
        assert _faults(api.get(f"{base}?{name}=")) == [(f"query.{name}", "blank")]
    twice = "status=Failed&status=Completed" if path == "" else "status=Pending&status=Skipped"
    assert _faults(api.get(f"{base}?{twice}")) == [("query.status", "repeated")]
    assert _faults(api.get(f"{base}?pageSize=5&pageSize=6")) == [("query.pageSize", "repeated")]


@pytest.mark.parametrize("path", ["", "/items"])
def test_unknown_parameters_are_refused_all_at_once(api: Api, path: str) -> None:
    base = f"{LIST}/{accepted(api, [one(1)])}{path}" if path else LIST
    faults = _faults(api.get(f"{base}?Status=Failed&page=2&hasWarnings=perhaps"))
    unknown = [("query.Status", "unknown_parameter"), ("query.page", "unknown_parameter")]
    warnings = ("query.hasWarnings", "unknown_parameter" if path else "invalid")
    assert sorted(faults) == sorted([*unknown, warnings])


def test_a_nul_in_a_filter_is_refused(api: Api) -> None:
    assert _faults(api.get(f"{LIST}?batchId=%00")) == [("query.batchId", "invalid")]


# --- Pages -------------------------------------------------------------------------------------------------


def _page(api: Api, path: str) -> tuple[list[int], str | None, str | None]:
    body = api.get(path).json()
    links = [link and link.removeprefix(BASE) for link in (body["next"], body["previous"])]
    return [found["id"] for found in body["results"]], links[0], links[1]


def test_jobs_are_paged_there_and_back_with_their_filters(api: Api) -> None:
    ids = [accepted(api, [one(number)], batchId="b") for number in range(5)]
    accepted(api, [one(9)])
    newest, following, nothing = _page(api, f"{LIST}?pageSize=2&batchId=b")
    assert (newest, nothing) == ([ids[4], ids[3]], None)
    # What comes meanwhile moves no page.
    accepted(api, [one(10)], batchId="b")
    middle, following, back = _page(api, str(following))
    assert middle == [ids[2], ids[1]]
    last, end, back_from_last = _page(api, str(following))
    assert (last, end) == ([ids[0]], None)
    assert _page(api, str(back_from_last))[0] == middle
    again, onwards, before = _page(api, str(back))
    assert again == newest
    assert _page(api, str(onwards))[0] == middle
    assert _page(api, str(before))[0] == [max(_ids(api, "&batchId=b"))]


def _cursor(api: Api, path: str) -> str:
    return parse_qs(urlsplit(str(_page(api, path)[1])).query)["cursor"][0]


def _flipped(cursor: str, at: int) -> str:
    return cursor[:at] + ("A" if cursor[at] != "A" else "B") + cursor[at + 1 :]


TAMPERINGS: list[Callable[[str], str]] = [
    lambda cursor: _flipped(cursor, 0),
    lambda cursor: _flipped(cursor, len(cursor) // 2),
    lambda cursor: _flipped(cursor, -2),
    lambda cursor: cursor[:-3],
    lambda cursor: cursor + "A",
    lambda cursor: cursor.replace(":", ""),
    lambda cursor: "WzAsWzFdXQ" + cursor[cursor.index(":") :],
]


@pytest.mark.parametrize("tamper", TAMPERINGS)
def test_a_tampered_cursor_is_refused(api: Api, tamper: Callable[[str], str]) -> None:
    for number in range(2):
        accepted(api, [one(number)])
    tampered = quote(tamper(_cursor(api, f"{LIST}?pageSize=1")))
    assert _faults(api.get(f"{LIST}?cursor={tampered}")) == [("query.cursor", "invalid")]


def test_a_cursor_of_another_list_is_refused(api: Api) -> None:
    first, second = (accepted(api, [one(1), one(2)]) for _ in range(2))
    of_jobs = _cursor(api, f"{LIST}?pageSize=1")
    of_items = parse_qs(urlsplit(api.get(f"{LIST}/{first}/items?pageSize=1").json()["next"]).query)["cursor"][
        0
    ]
    for path, cursor in [
        (LIST, of_items),
        (f"{LIST}/{first}/items", of_jobs),
        (f"{LIST}/{second}/items", of_items),
        ("/target-templates", of_jobs),
        ("/targets", of_jobs),
    ]:
        assert _faults(api.get(f"{path}?cursor={quote(cursor)}")) == [("query.cursor", "invalid")]
    assert api.get(f"{LIST}/{first}/items?cursor={quote(of_items)}").status_code == 200


def test_a_list_costs_the_same_however_long_it_is(api: Api, django_assert_max_num_queries: Any) -> None:
    for number in range(8):
        accepted(api, [one(number)])
    with django_assert_max_num_queries(4):
        assert len(_ids(api, "&externalId=T-1")) == 1
