"""Staff change drafts by menu, publish them, take them back; each role as far as it may."""

from typing import Any

import pytest
from django.test import Client

from ordinavo.tenants.models import Role, Tenant
from targets.models import Target
from targets.routes.models import Exclusion, Route, RouteSuggestion, Stop
from targets.visits.models import Absence, Appointment, Employee
from tests.admin.conftest import LogIn
from tests.admin.days import change, draft, page, said, shown
from tests.routes import rows
from tests.visits.rows import DAY, employee


@pytest.fixture
def dispatcher(log_in: LogIn) -> Client:
    return log_in(Role.DISPATCHER)


def sent(suggestion: RouteSuggestion, **fields: Any) -> dict[str, Any]:
    routes = [one.pk for one in suggestion.routes.all()]
    return {"revision": rows.fresh(suggestion).revision, "routes": routes, **fields}


def test_the_menu_offers_people_whose_routes_can_change(tenant: Tenant, dispatcher: Client) -> None:
    suggestion = draft(tenant, people=1)
    employee(tenant, name="Free Person")
    employee(tenant, name="Without Start", start_latitude=None, start_longitude=None)
    away = employee(tenant, name="Away Person")
    Absence.objects.create(employee=away, first_day=DAY, last_day=DAY)
    stop = rows.stops_of(suggestion)[0]

    part = dispatcher.get(page(suggestion, "menu", stop.target_id), headers={"HX-Request": "true"})
    alone = dispatcher.get(page(suggestion, "menu", stop.target_id))

    text = part.content.decode()
    assert "<html" not in text
    assert "Free Person" in text
    assert "Without Start" not in text
    assert "Away Person" not in text
    assert 'value="lock"' in text
    assert 'value="leave_out"' in text
    assert "Back to the suggestion" in alone.content.decode()


def test_a_stop_is_given_to_another_person(tenant: Tenant, dispatcher: Client) -> None:
    suggestion = draft(tenant, people=1)
    other = employee(tenant, name="Other Person")
    target = rows.stops_of(suggestion)[0].target

    answer = change(dispatcher, suggestion, target.pk, "place", employee=other.pk)

    assert said(answer) == [f"{target} was given to Other Person."]
    assert answer.redirect_chain == [(f"{page(suggestion)}#target-{target.pk}", 302)]
    assert Stop.objects.get(target=target).route.employee == other


def test_what_an_edit_breaks_is_said_at_once(tenant: Tenant, dispatcher: Client) -> None:
    suggestion = draft(tenant, people=1)
    short = employee(tenant, name="Short Day", max_stops=1)
    first, second = (stop.target_id for stop in rows.stops_of(suggestion)[:2])
    change(dispatcher, suggestion, first, "place", employee=short.pk)

    answer = change(dispatcher, suggestion, second, "place", employee=short.pk, position=1)

    broken = "The route has 1 more stop than allowed."
    assert said(answer) == [
        f"{Target.objects.get(pk=second)} was given to Short Day, which breaks rules: {broken}"
    ]
    assert "1 rule broken" in shown(dispatcher, suggestion)


def test_a_stop_is_left_out_and_given_back(tenant: Tenant, dispatcher: Client) -> None:
    suggestion = draft(tenant, people=1)
    stop = rows.stops_of(suggestion)[0]

    change(dispatcher, suggestion, stop.target_id, "leave_out")
    assert Exclusion.objects.get().target_id == stop.target_id
    assert "Left out by hand" in shown(dispatcher, suggestion)
    change(dispatcher, suggestion, stop.target_id, "place", employee=stop.route.employee_id)

    assert not Exclusion.objects.exists()
    assert Stop.objects.filter(target=stop.target).count() == 1


def test_a_stop_is_locked_and_unlocked(tenant: Tenant, dispatcher: Client) -> None:
    suggestion = draft(tenant, people=1)
    target = rows.stops_of(suggestion)[0].target

    change(dispatcher, suggestion, target.pk, "lock")
    locked = shown(dispatcher, suggestion)
    change(dispatcher, suggestion, target.pk, "unlock")

    assert locked.count('aria-label="locked"') == 1
    assert 'aria-label="locked"' not in shown(dispatcher, suggestion)


def test_an_edit_of_what_somebody_else_changed_meanwhile_is_refused(
    tenant: Tenant, dispatcher: Client
) -> None:
    suggestion = draft(tenant, people=1)
    target = rows.stops_of(suggestion)[0].target

    answer = change(dispatcher, suggestion, target.pk, "leave_out", revision=suggestion.revision - 1)

    assert said(answer) == ["Somebody else has changed the suggestion meanwhile. Look at it again first."]
    assert not Exclusion.objects.exists()


@pytest.mark.parametrize(
    "given", [{"verb": "lock", "revision": "x"}, {"verb": "place", "position": "0"}, {"verb": ""}]
)
def test_nonsense_changes_nothing(tenant: Tenant, dispatcher: Client, given: dict[str, str]) -> None:
    suggestion = draft(tenant, people=1)
    target = rows.stops_of(suggestion)[0].target
    before = rows.fresh(suggestion).revision

    answer = dispatcher.post(page(suggestion, "menu", target.pk), {"revision": before, **given}, follow=True)

    assert said(answer) == ["Choose what is to be done, with a position from 1 on."]
    assert rows.fresh(suggestion).revision == before


def test_unknown_verbs_people_and_targets_are_not_found(tenant: Tenant, dispatcher: Client) -> None:
    suggestion = draft(tenant, people=1)
    target = rows.stops_of(suggestion)[0].target
    outside = rows.target(tenant)

    assert change(dispatcher, suggestion, target.pk, "explode").status_code == 404
    assert change(dispatcher, suggestion, target.pk, "place", employee=2**40).status_code == 404
    assert change(dispatcher, suggestion, target.pk, "place").status_code == 404
    assert change(dispatcher, suggestion, outside.pk, "lock").status_code == 404


def test_all_routes_are_published_after_one_more_look(tenant: Tenant, dispatcher: Client) -> None:
    suggestion = draft(tenant)

    asked = dispatcher.get(page(suggestion, "publish")).context["form"]
    answer = dispatcher.post(page(suggestion, "publish"), sent(suggestion), follow=True)

    count = Route.objects.count()
    assert len(asked.initial["routes"]) == count
    assert said(answer) == [f"{count} route{'s' if count > 1 else ''} published."]
    assert set(Target.objects.values_list("status", flat=True)) == {"Scheduled"}
    assert Appointment.objects.count() == 4


def test_one_route_is_published_and_the_other_waits(tenant: Tenant, dispatcher: Client) -> None:
    suggestion = draft(tenant, people=1)
    other = employee(tenant, name="Other Person")
    change(dispatcher, suggestion, rows.stops_of(suggestion)[0].target_id, "place", employee=other.pk)
    route = Route.objects.get(employee=other)

    asked = dispatcher.get(f"{page(suggestion, 'publish')}?route={route.pk}").context["form"]
    dispatcher.post(page(suggestion, "publish"), sent(suggestion, routes=[route.pk]))

    assert asked.initial["routes"] == [str(route.pk)]
    assert Appointment.objects.get().employee == other
    assert Route.objects.filter(status="Draft").count() == 1


def test_dropped_stops_are_named(tenant: Tenant, dispatcher: Client) -> None:
    suggestion = draft(tenant, people=1)
    target = rows.stops_of(suggestion)[0].target
    Target.objects.filter(pk=target.pk).update(status="Cancelled")

    answer = dispatcher.post(page(suggestion, "publish"), sent(suggestion), follow=True)

    assert said(answer)[0].startswith(f"Dropped, since they are no longer what was planned: {target}.")
    assert Appointment.objects.count() == 3


def test_publishing_what_somebody_changed_meanwhile_is_refused(tenant: Tenant, dispatcher: Client) -> None:
    suggestion = draft(tenant)
    stale = sent(suggestion)
    change(dispatcher, suggestion, rows.stops_of(suggestion)[0].target_id, "leave_out")

    answer = dispatcher.post(page(suggestion, "publish"), {**stale, "routes": sent(suggestion)["routes"]})

    assert "Somebody else has changed the suggestion meanwhile" in answer.content.decode()
    assert not Appointment.objects.exists()


def test_nothing_chosen_publishes_nothing(tenant: Tenant, dispatcher: Client) -> None:
    suggestion = draft(tenant)

    answer = dispatcher.post(page(suggestion, "publish"), sent(suggestion, routes=[]))

    assert "Choose at least one route." in answer.content.decode()
    assert not Appointment.objects.exists()


def test_a_published_route_is_taken_back_after_one_more_look(tenant: Tenant, dispatcher: Client) -> None:
    suggestion = draft(tenant, people=1)
    rows.published(suggestion)
    path = page(suggestion, "unpublish", Route.objects.get().pk)

    assert "Take back the route of Person 1" in dispatcher.get(path).content.decode()
    assert Target.objects.filter(status="Scheduled").count() == 4
    answer = dispatcher.post(path, follow=True)

    assert said(answer) == ["Taken back: 4 appointments of Person 1."]
    assert set(Target.objects.values_list("status", flat=True)) == {"Open"}


def test_a_draft_is_planned_again_around_locks(tenant: Tenant, dispatcher: Client) -> None:
    suggestion = draft(tenant, people=1)
    change(dispatcher, suggestion, rows.stops_of(suggestion)[0].target_id, "lock")
    revision = rows.fresh(suggestion).revision

    asked = dispatcher.get(page(suggestion, "replan")).content.decode()
    answer = dispatcher.post(page(suggestion, "replan"), {"revision": revision}, follow=True)

    assert "Locked stops: 1." in asked
    assert said(answer) == ["It is planned again."]
    assert rows.fresh(suggestion).status == "Pending"


def test_planning_is_stopped_and_drafts_are_discarded(tenant: Tenant, dispatcher: Client) -> None:
    employee(tenant)
    pending = rows.asked(tenant, rows.targets(tenant, 1))
    waiting = draft(tenant)

    stopped = dispatcher.post(page(pending, "cancel"), follow=True)
    discarded = dispatcher.post(page(waiting, "discard"), follow=True)

    assert said(stopped) == ["Planning was stopped."]
    assert said(discarded) == ["The draft is discarded."]
    assert rows.fresh(pending).status == "Failed"
    assert rows.fresh(waiting).status == "Discarded"
    assert 'class="ord-menu"' not in shown(dispatcher, waiting)


def test_support_sees_all_and_changes_nothing(tenant: Tenant, log_in: LogIn) -> None:
    suggestion = draft(tenant, people=1)
    browser, route, target = log_in(Role.SUPPORT), Route.objects.get(), rows.stops_of(suggestion)[0].target

    text = shown(browser, suggestion)

    assert 'class="ord-menu"' not in text
    assert page(suggestion, "publish") not in text
    for path in (
        page(suggestion, "publish"),
        page(suggestion, "replan"),
        page(suggestion, "discard"),
        page(suggestion, "menu", target.pk),
        page(suggestion, "unpublish", route.pk),
        "/admin/routes/routesuggestion/add/",
    ):
        assert browser.post(path, sent(suggestion)).status_code == 403, path
    assert rows.fresh(suggestion).status == "Draft"


def test_pages_of_other_tenants_are_not_found(tenant: Tenant, dispatcher: Client) -> None:
    from_elsewhere = Tenant.objects.create(slug="elsewhere", name="Elsewhere")
    suggestion = draft(from_elsewhere, people=1)
    target, route = rows.stops_of(suggestion)[0].target, Route.objects.get()

    for path in (
        page(suggestion, "publish"),
        page(suggestion, "replan"),
        page(suggestion, "discard"),
        page(suggestion, "cancel"),
        page(suggestion, "menu", target.pk),
        page(suggestion, "unpublish", route.pk),
    ):
        assert dispatcher.post(path, sent(suggestion)).status_code in {403, 404}, path
    assert dispatcher.get(page(suggestion, "live")).status_code == 404
    assert dispatcher.get(page(suggestion, "menu", target.pk)).status_code == 404
    assert rows.fresh(suggestion).status == "Draft"


def test_nobody_is_given_targets_of_others_or_people_of_others(tenant: Tenant, dispatcher: Client) -> None:
    suggestion = draft(tenant, people=1)
    stranger = employee(Tenant.objects.create(slug="elsewhere", name="Elsewhere"), name="Stranger")
    target = rows.stops_of(suggestion)[0].target

    menu = dispatcher.get(page(suggestion, "menu", target.pk)).content.decode()
    answer = change(dispatcher, suggestion, target.pk, "place", employee=stranger.pk)

    assert "Stranger" not in menu
    assert answer.status_code == 404
    assert Stop.objects.get(target=target).route.employee.name == "Person 1"
    assert Employee.objects.count() == 2
