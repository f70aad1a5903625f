"""Staff ask for routes: from the list of targets, an import job, or a day."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from integrations.models import IntegrationClient
from ordinavo.tenants.models import Role, Tenant
from targets.models import Target
from targets.routes.models import Candidate, RouteSuggestion
from tests import factories
from tests.admin.conftest import LogIn
from tests.admin.days import LIST, said
from tests.admin.world import item_of, job_of
from tests.routes import rows
from tests.visits.rows import DAY, employee

ADD = f"{LIST}add/"
TARGETS = "/admin/targets/target/"


@pytest.fixture
def dispatcher(log_in: LogIn) -> Client:
    return log_in(Role.DISPATCHER)


@pytest.fixture
def person(tenant: Tenant) -> int:
    return employee(tenant, name="Anna Weber").pk


def ask(browser: Client, person: int, query: str = "", **given: Any) -> Any:
    given = {"route_date": str(DAY), "people": [person], "which": "also_free", **given}
    return browser.post(f"{ADD}{query}", given, follow=True)


def asked_for() -> list[int]:
    return sorted(Candidate.objects.values_list("target_id", flat=True))


def errors(answer: Any) -> list[str]:
    return [str(one) for each in answer.context["form"].errors.values() for one in each]


def test_selected_targets_are_carried_to_the_page_and_planned(
    tenant: Tenant, dispatcher: Client, person: int
) -> None:
    first, second, _ = rows.targets(tenant, 3)
    action = {"action": "suggest_routes", "_selected_action": [first.pk, second.pk]}

    led = dispatcher.post(TARGETS, action, follow=True)
    query = f"?targets={first.pk},{second.pk}"
    answer = ask(dispatcher, person, query)

    assert led.redirect_chain == [(f"{ADD}{query}", 302)]
    assert "For 2 open targets you selected." in led.content.decode()
    assert said(answer) == [f"Routes for {DAY} are asked for."]
    assert asked_for() == [first.pk, second.pk]
    suggestion = RouteSuggestion.objects.get()
    assert (suggestion.status, suggestion.created_by) == ("Pending", answer.wsgi_request.user)


def test_all_that_fit_the_list_are_meant_as_the_list_means_them(
    tenant: Tenant, dispatcher: Client, person: int
) -> None:
    urgent = rows.targets(tenant, 2, priority="Urgent")
    rows.targets(tenant, 2)
    rows.target(tenant, priority="Urgent", status="Cancelled")
    listed = dispatcher.get(TARGETS, {"priority__exact": "Urgent"}).content.decode()
    query = "?fitting=priority__exact%3DUrgent"

    page = dispatcher.get(f"{ADD}{query}").content.decode()
    ask(dispatcher, person, query)

    assert f'href="{ADD}{query}"' in listed
    assert "For 2 open targets that fit the search and filters of the list." in page
    assert asked_for() == [one.pk for one in urgent]


def test_a_list_filtered_by_nonsense_has_nothing_to_plan(
    tenant: Tenant, dispatcher: Client, person: int
) -> None:
    rows.target(tenant)

    answer = ask(dispatcher, person, "?fitting=priority__nonsense%3D1")

    assert errors(answer) == [
        "There is nothing to plan: no targets that fit the search and filters of the list."
    ]
    assert not RouteSuggestion.objects.exists()


def test_an_import_job_leads_to_its_targets(
    erp: IntegrationClient, tenant: Tenant, dispatcher: Client, person: int
) -> None:
    job, target = job_of(erp, finished_at=timezone.now()), rows.target(tenant)
    item_of(job, target=target)
    rows.target(tenant)

    button = dispatcher.get(f"/admin/imports/importjob/{job.pk}/change/").content.decode()
    ask(dispatcher, person, f"?job={job.pk}")

    assert "Suggest routes" in button
    assert asked_for() == [target.pk]
    assert RouteSuggestion.objects.get().import_job_id == job.pk


def test_a_job_can_be_named_on_the_page(
    erp: IntegrationClient, tenant: Tenant, dispatcher: Client, person: int
) -> None:
    job, target = job_of(erp), rows.target(tenant)
    item_of(job, target=target)

    wrong = ask(dispatcher, person, which="job", job="77x")
    ask(dispatcher, person, which="job", job=str(job.pk))

    assert errors(wrong) == ["There is nothing to plan: no targets: there is no import job 77x."]
    assert asked_for() == [target.pk]


@pytest.mark.parametrize(("which", "count"), [("also_free", 2), ("on_day", 1)])
def test_a_day_means_its_targets_with_or_without_those_of_no_day(
    tenant: Tenant, dispatcher: Client, person: int, which: str, count: int
) -> None:
    rows.target(tenant, route_date=DAY)
    rows.target(tenant)
    rows.target(tenant, route_date=date(2026, 7, 2))
    rows.target(tenant, route_date=DAY, status="Completed")

    ask(dispatcher, person, which=which)

    assert len(asked_for()) == count


def test_options_and_people_are_passed_on(tenant: Tenant, dispatcher: Client, person: int) -> None:
    rows.target(tenant)
    employee(tenant, name="Ben Krüger")
    given = {"start_time": "08:30", "end_time": "15:00", "max_stops": "7", "balance": "on"}

    ask(dispatcher, person, **given)

    assert RouteSuggestion.objects.get().options == {
        "startTime": "08:30",
        "endTime": "15:00",
        "maxStopsPerRoute": 7,
        "balance": True,
        "employeeIds": [person],
    }


def test_everybody_is_no_choice_of_people(tenant: Tenant, dispatcher: Client, person: int) -> None:
    rows.target(tenant)

    ask(dispatcher, person)

    assert RouteSuggestion.objects.get().options == {}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"people": []}, "Choose at least one person."),
        ({"route_date": "1800-01-01"}, "Must lie between 1900-01-01 and 2199-12-31."),
        ({"start_time": "15:00", "end_time": "08:00"}, "Must be later than the start."),
        ({"route_date": "2026-07-02"}, "There is nothing to plan: no open target is meant for 2026-07-02."),
        ({"max_stops": "0"}, "Ensure this value is greater than or equal to 1."),
    ],
)
def test_what_makes_no_sense_is_said(
    tenant: Tenant, dispatcher: Client, person: int, given: dict[str, Any], message: str
) -> None:
    rows.target(tenant, route_date=DAY)

    answer = ask(dispatcher, person, **given)

    assert errors(answer) == [message]
    assert not RouteSuggestion.objects.exists()


def test_more_than_a_thousand_targets_are_refused(tenant: Tenant, dispatcher: Client, person: int) -> None:
    source = factories.source_system(tenant)
    Target.objects.bulk_create(
        Target(tenant=tenant, source_system=source, external_id=str(number), title="x")
        for number in range(1001)
    )

    page = dispatcher.get(f"{ADD}?fitting=").content.decode()
    answer = ask(dispatcher, person)

    assert "more than 1,000 open targets" in page
    assert errors(answer) == ["At most 1,000 targets can be planned at once: narrow them."]


def test_without_employees_the_page_says_what_comes_first(tenant: Tenant, dispatcher: Client) -> None:
    rows.target(tenant)

    answer = dispatcher.post(ADD, {"route_date": str(DAY), "which": "also_free"})

    assert errors(answer) == ["Add employees first: there is nobody to plan for."]


def test_targets_people_and_jobs_of_others_are_neither_counted_nor_planned(
    tenant: Tenant, dispatcher: Client, person: int
) -> None:
    elsewhere = factories.tenant(name="Elsewhere")
    stranger, target = employee(elsewhere, name="Stranger"), rows.target(elsewhere)
    job = job_of(factories.client(elsewhere))
    item_of(job, target=target)

    for query in (f"?targets={target.pk}", f"?job={job.pk}", "?fitting=", ""):
        page = dispatcher.get(f"{ADD}{query}").content.decode()
        answer = ask(dispatcher, person, query)
        assert "Stranger" not in page
        assert answer.context["form"].errors, query
    rows.target(tenant)
    assert ask(dispatcher, stranger.pk).context["form"].errors
    assert not RouteSuggestion.objects.exists()


def test_the_day_is_that_of_the_targets_or_tomorrow(tenant: Tenant, dispatcher: Client) -> None:
    today = timezone.localdate()
    late = rows.target(tenant, route_date=today + timedelta(days=9))

    def day(query: str) -> date:
        found: date = dispatcher.get(f"{ADD}{query}").context["form"].initial["route_date"]
        return found

    assert day("") == today + timedelta(days=1)
    assert day(f"?targets={late.pk}") == late.route_date


def test_support_is_not_offered_to_plan(tenant: Tenant, log_in: LogIn) -> None:
    target = rows.target(tenant)
    browser = log_in(Role.SUPPORT)

    assert "Suggest routes" not in browser.get(TARGETS).content.decode()
    browser.post(TARGETS, {"action": "suggest_routes", "_selected_action": [target.pk]})
    assert browser.get(ADD).status_code == 403
