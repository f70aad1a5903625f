"""Reading route suggestions: what outside systems see of them, and what they do not."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.models import IntegrationClient
from ordinavo.kernel.instants import instant
from ordinavo.tenants.models import Tenant
from targets.routes.models import RouteSuggestion
from targets.routes.solving.work import work_suggestion
from tests import factories
from tests.api import BASE, Api
from tests.routes.rows import drafted, published, stops_of, target, targets
from tests.routes.test_suggestions_api import PATH, ask, faults
from tests.visits.rows import employee

pytestmark = pytest.mark.django_db


def test_a_draft_is_read_with_its_stops_and_exclusions_and_without_people(api: Api, tenant: Tenant) -> None:
    employee(tenant, name="Anna Albrecht")
    wanted, lost = target(tenant), target(tenant, latitude=None, longitude=None)
    draft = drafted(tenant, [wanted, lost], client=api.client, options={"balance": True})
    [stop] = stops_of(draft)
    answer = api.get(f"{PATH}/{draft.pk}")
    summary = {"id": draft.pk, **answer.json()}
    assert answer.status_code == 200
    assert "Anna" not in answer.content.decode()
    assert summary == {
        "id": draft.pk,
        "status": "Draft",
        "routeDate": "2026-07-01",
        "importJobId": None,
        "options": {"startTime": None, "endTime": None, "maxStopsPerRoute": None, "balance": True},
        "summary": draft.summary,
        "failureReason": None,
        "correlationId": draft.correlation_id,
        "createdAt": instant(draft.created_at),
        "finishedAt": instant(draft.solved_at),
        "links": {"self": f"{BASE}{PATH}/{draft.pk}"},
        "routes": [
            {
                "number": 1,
                "stops": [
                    {
                        "sequence": 1,
                        "targetId": wanted.pk,
                        "externalId": wanted.external_id,
                        "arrivalUtc": instant(stop.arrives_at),
                        "departureUtc": instant(stop.departs_at),
                    }
                ],
            }
        ],
        "excluded": [
            {
                "targetId": lost.pk,
                "externalId": lost.external_id,
                "reasonCode": "missing_coordinates",
                "message": "Neither its location nor its address has usable coordinates.",
                "hint": "Give latitude and longitude.",
            }
        ],
    }


def test_a_pending_one_has_no_summary_yet(api: Api, tenant: Tenant) -> None:
    pk = ask(api, targetIds=[target(tenant).pk]).json()["routeSuggestionId"]
    told = api.get(f"{PATH}/{pk}").json()
    assert (told["status"], told["summary"], told["routes"], told["excluded"]) == ("Pending", None, [], [])
    work_suggestion(pk)
    told = api.get(f"{PATH}/{pk}").json()
    assert (told["status"], told["excluded"][0]["reasonCode"]) == ("Draft", "no_employee_available")


def test_a_target_that_was_closed_meanwhile_is_excluded_by_publishing(api: Api, tenant: Tenant) -> None:
    employee(tenant)
    first, second = targets(tenant, 2)
    draft = drafted(tenant, [first, second], client=api.client)
    first.status = "Cancelled"
    first.save()
    published(draft)
    told = api.get(f"{PATH}/{draft.pk}").json()
    assert told["status"] == "Published"
    assert [stop["targetId"] for stop in told["routes"][0]["stops"]] == [second.pk]
    assert [(one["targetId"], one["reasonCode"]) for one in told["excluded"]] == [(first.pk, "not_open")]


def test_suggestions_of_others_are_not_found_nor_listed(api: Api, tenant: Tenant) -> None:
    wanted = [target(tenant)]
    mine = drafted(tenant, wanted, client=api.client)
    others = [
        drafted(tenant, wanted, client=factories.client(tenant)),
        drafted(tenant, wanted),
    ]
    for other in others:
        assert api.get(f"{PATH}/{other.pk}").status_code == 404
    assert [one["id"] for one in api.get(PATH).json()["results"]] == [mine.pk]
    for strange in ("x", "0x1", "9" * 30):
        assert api.get(f"{PATH}/{strange}").status_code == 404


def test_lists_are_filtered_and_paged(api: Api, tenant: Tenant, erp: IntegrationClient) -> None:
    wanted = [target(tenant)]
    first = drafted(tenant, wanted, client=erp, import_job_id=7)
    second = drafted(tenant, wanted, client=erp, route_date=first.route_date + timedelta(1))
    RouteSuggestion.objects.filter(pk=second.pk).update(status="Discarded", correlation_id="second")

    def listed(query: str) -> list[int]:
        answer = api.get(f"{PATH}?{query}")
        assert answer.status_code == 200, answer.content
        return [one["id"] for one in answer.json()["results"]]

    assert listed("") == [second.pk, first.pk]
    assert listed("pageSize=1") == [second.pk]
    assert listed("status=Draft") == listed("routeDate=2026-07-01") == [first.pk]
    assert listed("importJobId=7") == [first.pk]
    assert listed("correlationId=second") == [second.pk]
    assert listed("createdTo=2020-01-01T00:00:00Z") == []


@pytest.mark.parametrize(
    ("query", "path"),
    [("routeDate=1.7.2026", "routeDate"), ("status=New", "status"), ("employee=1", "employee")],
)
def test_bad_parameters_are_refused_by_name(api: Api, query: str, path: str) -> None:
    assert [found for found, _ in faults(api.get(f"{PATH}?{query}"))] == [f"query.{path}"]


def test_reading_costs_as_many_statements_for_many_stops_as_for_few(api: Api, tenant: Tenant) -> None:
    employee(tenant)
    # The first use of a key is written down.
    assert api.get(PATH).status_code == 200
    counts = []
    for number in (1, 6):
        draft = drafted(tenant, targets(tenant, number), client=api.client)
        with CaptureQueriesContext(connection) as captured:
            assert api.get(f"{PATH}/{draft.pk}").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 6
