"""The door for route suggestions: what is taken, what is refused and with which words."""

from typing import Any

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from ordinavo.tenants.models import Tenant
from targets.imports.models import ImportJob
from targets.routes.models import Candidate, RouteSuggestion
from tests import factories
from tests.api import BASE, Api
from tests.imports.batching import done, one
from tests.imports.sending import assert_error_shape
from tests.routes.rows import target, targets

pytestmark = pytest.mark.django_db

PATH = "/route-suggestions"


def ask(api: Api, **members: Any) -> Any:
    """Ask for the first of July, unless something else is said."""
    return api.post(PATH, {"routeDate": "2026-07-01", **members})


def faults(answer: Any) -> list[tuple[str, str]]:
    """Path and code of each fault of a 400."""
    assert answer.status_code == 400, answer.content
    error = assert_error_shape(answer)
    assert error["code"] == "validation_failed"
    return [(detail["path"], detail["code"]) for detail in error.get("details", [])]


def asked_for() -> set[int]:
    """The targets of the only suggestion."""
    RouteSuggestion.objects.get()
    return set(Candidate.objects.values_list("target_id", flat=True))


# --- Asking ------------------------------------------------------------------------------------------------


def test_a_question_is_accepted_and_a_worker_is_called_after_the_commit(
    api: Api, tenant: Tenant, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    wanted = targets(tenant, 2)
    with django_capture_on_commit_callbacks() as callbacks:
        answer = api.post(
            PATH,
            {"routeDate": "2026-07-01", "targetIds": [one.pk for one in wanted]},
            X_Correlation_Id="corr-1",
        )
    row = RouteSuggestion.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (202, f"{BASE}{PATH}/{row.pk}")
    assert answer.json() == {
        "routeSuggestionId": row.pk,
        "status": "Pending",
        "links": {"routeSuggestion": f"{BASE}{PATH}/{row.pk}"},
    }
    assert (row.tenant, row.client, row.correlation_id, row.budget_seconds) == (
        tenant,
        api.client,
        "corr-1",
        5.0,
    )
    assert asked_for() == {one.pk for one in wanted}
    assert [callback.func.__name__ for callback in callbacks] == ["ring"]  # type: ignore[attr-defined]


def test_targets_are_named_by_external_ids_or_by_their_import_job(api: Api, tenant: Tenant) -> None:
    wanted = targets(tenant, 2)
    assert ask(api, targetExternalIds=[one.external_id for one in wanted]).status_code == 202
    assert asked_for() == {one.pk for one in wanted}
    job_id = done(api, [one(1), one(2), one(3, title=5)])
    answer = ask(api, importJobId=job_id).json()
    row = RouteSuggestion.objects.get(pk=answer["routeSuggestionId"])
    assert (row.import_job_id, row.candidates.count()) == (job_id, 2)


def test_who_is_named_twice_counts_once(api: Api, tenant: Tenant) -> None:
    wanted = target(tenant)
    assert ask(api, targetIds=[wanted.pk] * 3).status_code == 202
    assert asked_for() == {wanted.pk}


def test_options_are_kept_without_nulls_and_unknown_members_are_ignored(api: Api, tenant: Tenant) -> None:
    options = {"startTime": "08:00", "endTime": None, "maxStopsPerRoute": 5, "balance": True, "more": 1}
    assert ask(api, targetIds=[target(tenant).pk], options=options, more=2).status_code == 202
    assert RouteSuggestion.objects.get().options == {
        "startTime": "08:00",
        "maxStopsPerRoute": 5,
        "balance": True,
    }


def test_the_budget_grows_with_the_number_of_targets(api: Api, tenant: Tenant) -> None:
    wanted = [one.pk for one in targets(tenant, 200)]
    ask(api, targetIds=wanted)
    assert 5 < RouteSuggestion.objects.get().budget_seconds < 10


def test_one_key_asks_once(api: Api, tenant: Tenant) -> None:
    wanted = [target(tenant).pk]
    body = {"routeDate": "2026-07-01", "targetIds": wanted}
    first, again = (api.post(PATH, body, Idempotency_Key="k") for _ in range(2))
    assert first.json() == again.json()
    assert RouteSuggestion.objects.count() == 1


# --- Refusals ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({}, [("", "required")]),
        ({"targetIds": None}, [("", "required")]),
        ({"targetIds": [1], "importJobId": 1}, [("targetIds", "ambiguous")]),
        ({"targetIds": []}, [("targetIds", "min_length")]),
        ({"targetIds": 5}, [("targetIds", "not_a_list")]),
        ({"targetIds": list(range(1, 1002))}, [("targetIds", "max_length")]),
        ({"targetIds": ["1"]}, [("targetIds.0", "invalid")]),
        ({"targetIds": [True]}, [("targetIds.0", "invalid")]),
        ({"targetIds": [0]}, [("targetIds.0", "min_value")]),
        ({"targetIds": [None]}, [("targetIds.0", "null")]),
        ({"targetExternalIds": [""]}, [("targetExternalIds.0", "blank")]),
        ({"targetExternalIds": ["x" * 129]}, [("targetExternalIds.0", "max_length")]),
        ({"targetExternalIds": [7]}, [("targetExternalIds.0", "invalid")]),
        ({"importJobId": "1"}, [("importJobId", "invalid")]),
        ({"importJobId": 2**50}, [("importJobId", "not_found")]),
        ({"targetIds": [1], "routeDate": None}, [("routeDate", "null")]),
        ({"targetIds": [1], "routeDate": "01.07.2026"}, [("routeDate", "invalid")]),
        ({"targetIds": [1], "routeDate": "2026-02-30"}, [("routeDate", "invalid")]),
        ({"targetIds": [1], "routeDate": "0001-01-01"}, [("routeDate", "out_of_range")]),
        ({"targetIds": [1], "routeDate": "9999-12-31"}, [("routeDate", "out_of_range")]),
        ({"targetIds": [1], "options": []}, [("options", "invalid")]),
        ({"targetIds": [1], "options": {"startTime": "8:00"}}, [("options.startTime", "no_time")]),
        ({"targetIds": [1], "options": {"endTime": "24:00"}}, [("options.endTime", "no_time")]),
        ({"targetIds": [1], "options": {"startTime": 8}}, [("options.startTime", "invalid")]),
        (
            {"targetIds": [1], "options": {"startTime": "10:00", "endTime": "10:00"}},
            [("options.endTime", "before_start")],
        ),
        (
            {"targetIds": [1], "options": {"maxStopsPerRoute": 0}},
            [("options.maxStopsPerRoute", "min_value")],
        ),
        ({"targetIds": [1], "options": {"balance": "yes"}}, [("options.balance", "invalid")]),
    ],
)
def test_a_wrong_form_is_refused_with_the_field(
    api: Api, members: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert faults(ask(api, **members)) == expected
    assert not RouteSuggestion.objects.exists()


def test_a_missing_day_is_refused(api: Api) -> None:
    assert faults(api.post(PATH, {"targetIds": [1]})) == [("routeDate", "required")]


def test_targets_of_others_are_not_found_like_those_that_do_not_exist(api: Api, tenant: Tenant) -> None:
    own, crm = target(tenant), target(tenant, source="crm")
    foreign = target(factories.tenant())
    answer = ask(api, targetIds=[own.pk, crm.pk, foreign.pk, 2**50])
    assert faults(answer) == [(f"targetIds.{index}", "not_found") for index in (1, 2, 3)]
    messages = {detail["message"] for detail in answer.json()["error"]["details"]}
    assert messages == {"Your source system has no such target."}
    names = [own.external_id, crm.external_id, foreign.external_id, "nobody"]
    expected = [(f"targetExternalIds.{index}", "not_found") for index in (1, 2, 3)]
    assert faults(ask(api, targetExternalIds=names)) == expected


def test_of_many_unknown_targets_a_hundred_are_named(api: Api) -> None:
    assert len(faults(ask(api, targetIds=list(range(10**9, 10**9 + 1000))))) == 100


def test_jobs_of_others_are_not_found(api: Api, tenant: Tenant) -> None:
    other = Api(factories.client(tenant))
    job_id = done(other, [one(1)])
    assert faults(ask(api, importJobId=job_id)) == [("importJobId", "not_found")]


def test_while_the_job_runs_the_answer_is_a_conflict(api: Api) -> None:
    job_id = done(api, [one(1)])
    ImportJob.objects.update(finished_at=None, status="Processing")
    answer = ask(api, importJobId=job_id)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "conflict")
    assert answer.json()["error"]["importJobId"] == job_id
    assert not RouteSuggestion.objects.exists()


def test_a_job_without_targets_is_refused(api: Api) -> None:
    refused = done(api, [one(1, title=5)])
    assert faults(ask(api, importJobId=refused)) == [("importJobId", "no_targets")]
    foretold = api.post("/inbound/targets?validateOnly=true", one(1)).json()["importJobId"]
    assert faults(ask(api, importJobId=foretold)) == [("importJobId", "no_targets")]


@pytest.mark.parametrize(("method", "scope"), [("post", "create"), ("get", "read")])
def test_each_method_needs_its_scope(api: Api, method: str, scope: str) -> None:
    needed = f"route_suggestions.{scope}"
    api.client.scopes = [one for one in api.client.scopes if one != needed]
    api.client.save()
    answer = getattr(api, method)(PATH)
    assert (answer.status_code, answer.json()["error"]["requiredScope"]) == (403, needed)
