"""Keys, scopes, tenants, ids: who may come in, and what is not theirs."""

from typing import Any

import pytest
from django.test import Client

from integrations.scopes import Scope
from ordinavo.tenants.models import Tenant
from targets.models import Target
from tests import factories
from tests.api import BASE, Api
from tests.imports.sending import PATH, assert_error_shape, assert_nothing_stored, send


def _code(answer: Any) -> tuple[int, str]:
    return answer.status_code, assert_error_shape(answer)["code"]


def test_without_a_key_nothing_is_read_at_all(db: None) -> None:
    answer = Client().post(BASE + PATH, b"\xff", content_type="text/plain")
    assert _code(answer) == (401, "unauthorized")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def _api(tenant: Tenant, **fields: Any) -> Api:
    return Api(factories.client(tenant=tenant, **{**factories.ALL_SWITCHES, **fields}))


def _without(*scopes: Scope) -> list[str]:
    return [scope.value for scope in Scope if scope not in scopes]


def _assert_missing(answer: Any, scope: Scope) -> None:
    error = assert_error_shape(answer)
    assert (answer.status_code, error["code"], error["requiredScope"]) == (403, "missing_scope", scope.value)


def test_the_scope_is_asked_for_before_the_body_is_read(tenant: Tenant) -> None:
    api = _api(tenant, scopes=_without(Scope.TARGETS_WRITE))
    for body in (b"{}", b"", b"\xff", b"[]"):
        _assert_missing(api.post(PATH, body), Scope.TARGETS_WRITE)
    assert_nothing_stored()


NEEDS_MAPPING: list[dict[str, Any]] = [
    {"location": {"city": "Essen"}},
    {"location": {"externalId": "L"}},
    {"location": "of a wrong type"},
    {"contact": {"email": "a@example.com"}},
    {"contact": [1]},
    {"customer": {"externalId": "C"}},
    {"customer": {"customerNumber": "1"}},
    {"customer": {"externalId": ["of a wrong type"]}},
    {"customer": {"name": "A", "externalId": "C"}, "operation": "cancel"},
]


@pytest.mark.parametrize("members", NEEDS_MAPPING)
def test_records_that_say_who_they_are_need_the_mapping_scope(tenant: Tenant, members: Any) -> None:
    _assert_missing(send(_api(tenant, scopes=_without(Scope.CUSTOMERS_MAP)), **members), Scope.CUSTOMERS_MAP)
    assert_nothing_stored()


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"customer": {"name": "A", "contactName": "B", "email": "a@example.com", "phone": "1"}},
        {"customer": {"name": "A", "externalId": None, "customerNumber": ""}},
        {"customer": None, "location": None, "contact": None},
        {"customer": {}, "location": {}, "contact": {}},
        {"address": {"city": "Essen"}},
    ],
)
def test_records_that_only_describe_need_no_mapping_scope(tenant: Tenant, members: Any) -> None:
    answer = send(_api(tenant, scopes=_without(Scope.CUSTOMERS_MAP)), **members)
    assert answer.status_code == 202, answer.content


@pytest.mark.parametrize("path", ["/import-jobs/{job}", "/import-jobs/{job}/items"])
def test_reading_jobs_needs_its_own_scope(api: Api, tenant: Tenant, path: str) -> None:
    job = send(api).json()["importJobId"]
    blind = _api(tenant, scopes=_without(Scope.IMPORT_JOBS_READ))
    _assert_missing(blind.get(path.format(job=job)), Scope.IMPORT_JOBS_READ)
    _assert_missing(blind.get(path.format(job="nonsense")), Scope.IMPORT_JOBS_READ)


def _strangers(tenant: Tenant) -> list[Api]:
    """Another client of the same source system, another source system, the test twin, another tenant."""
    return [
        _api(tenant),
        _api(tenant, source="crm"),
        _api(factories.twin(tenant)),
        _api(factories.tenant()),
    ]


def test_a_job_is_found_by_the_client_that_made_it_and_nobody_else(api: Api, tenant: Tenant) -> None:
    job = send(api).json()["importJobId"]
    strangers = _strangers(tenant)
    for path in (f"/import-jobs/{job}", f"/import-jobs/{job}/items"):
        assert api.get(path).status_code == 200
        for stranger in strangers:
            assert _code(stranger.get(path)) == (404, "not_found")


def test_an_external_id_means_something_else_to_every_tenant_and_source_system(
    api: Api, tenant: Tenant
) -> None:
    send(api, title="Ours")
    _, crm, twin, other = _strangers(tenant)
    for stranger in (crm, twin, other):
        for operation in ("update", "cancel"):
            error = assert_error_shape(send(stranger, operation=operation, title="Theirs"))
            assert error["details"][0]["code"] == "unknown_external_id"
        assert send(stranger, title="Theirs").json()["createdItems"] == 1
    assert list(Target.objects.filter(tenant=tenant, title="Ours").values_list("revision", "status")) == [
        (1, "Open")
    ]
    assert Target.objects.count() == 4


def test_another_client_of_the_same_source_system_means_the_same_targets(api: Api, tenant: Tenant) -> None:
    send(api)
    assert send(_api(tenant), operation="cancel").json()["cancelledItems"] == 1


IDS = ["0", "-1", "+1", "1.0", "1e3", "0x1", "abc", "9" * 30, str(2**63), str(2**63 - 1), "%00", "1%00"]


@pytest.mark.parametrize("raw", [*IDS, "\u0661", "%20", "..%2f1", "null", "True"])
@pytest.mark.parametrize("path", ["/import-jobs/{}", "/import-jobs/{}/items"])
def test_an_id_that_nobody_has_is_not_found(api: Api, path: str, raw: str) -> None:
    assert _code(api.get(path.format(raw))) == (404, "not_found")


@pytest.mark.parametrize("raw", ["TRUE", "1", "yes", "", "true%00"])
def test_validate_only_is_true_or_false(api: Api, raw: str) -> None:
    answer = send(api, query=f"?validateOnly={raw}")
    error = assert_error_shape(answer)
    assert (answer.status_code, error["code"]) == (400, "validation_failed")
    assert [detail["path"] for detail in error["details"]] == ["query.validateOnly"]
    assert_nothing_stored()
