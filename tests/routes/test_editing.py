"""Edits by hand: laid out again at once, with what they break; whoever is second is told."""

from collections.abc import Callable
from functools import partial

import pytest

from ordinavo.kernel.errors import Conflict, NotFound
from ordinavo.tenants.models import Tenant
from targets.models import Target, TargetTemplate
from targets.routes.models import Route, RouteSuggestion
from targets.routes.services.deciding import cancel_planning, discard_suggestion, replan_suggestion
from targets.routes.services.editing import Edit, leave_out, lock_stop, place_target
from targets.routes.solving.work import work_suggestion
from targets.visits.models import Appointment, Employee
from tests import factories
from tests.routes.rows import asked, drafted, fresh, published, reasons, stops_of, target, targets
from tests.visits.rows import employee

pytestmark = pytest.mark.django_db


def edit(suggestion: RouteSuggestion) -> Edit:
    """An edit of the suggestion as it is now."""
    now = fresh(suggestion)
    return Edit(suggestion=now, revision=now.revision, actor=None)


def order_of(suggestion: RouteSuggestion, person: Employee) -> list[int]:
    """The targets of a person, in order."""
    return [stop.target_id for stop in stops_of(suggestion) if stop.route.employee_id == person.pk]


def test_a_stop_is_given_to_a_position_of_another_person(tenant: Tenant) -> None:
    anna, ben = employee(tenant), employee(tenant)
    draft = drafted(tenant, targets(tenant, 4), employee_ids=[anna.pk])
    wanted = order_of(draft, anna)[2]
    place_target(edit=edit(draft), target_id=wanted, employee_id=ben.pk)
    assert (len(order_of(draft, anna)), order_of(draft, ben)) == (3, [wanted])
    assert list(Route.objects.order_by("number").values_list("number", "employee")) == [
        (1, anna.pk),
        (2, ben.pk),
    ]
    other = order_of(draft, anna)[0]
    place_target(edit=edit(draft), target_id=other, employee_id=ben.pk, position=2)
    place_target(edit=edit(draft), target_id=wanted, employee_id=ben.pk, position=2)
    assert order_of(draft, ben) == [other, wanted]
    assert fresh(draft).revision == draft.revision + 3
    stop = next(one for one in stops_of(draft) if one.target_id == wanted)
    assert stop.reasons == [{"code": "by_hand", "message": "Placed here by hand."}]
    assert all(one.violations == [] for one in stops_of(draft))
    routes = Route.objects.filter(suggestion=draft)
    assert fresh(draft).summary["travelMinutes"] == sum(one.travel_minutes for one in routes)


def test_a_route_without_stops_goes_away(tenant: Tenant) -> None:
    anna, ben = employee(tenant), employee(tenant)
    wanted = target(tenant)
    draft = drafted(tenant, [wanted], employee_ids=[anna.pk])
    place_target(edit=edit(draft), target_id=wanted.pk, employee_id=ben.pk)
    assert [route.employee for route in Route.objects.all()] == [ben]
    assert fresh(draft).summary["routes"] == 1


def test_what_an_edit_breaks_is_noted_on_stop_and_route(tenant: Tenant) -> None:
    template = TargetTemplate.objects.create(tenant=tenant, key="gas", name="Gas", skills=["gas"])
    able = employee(tenant, skills=["gas"])
    other = employee(tenant, max_stops=1)
    draft = drafted(tenant, [target(tenant, template=template), target(tenant)])
    for stop in stops_of(draft):
        place_target(edit=edit(draft), target_id=stop.target_id, employee_id=other.pk)
    stops = stops_of(draft)
    assert [[one["code"] for one in stop.violations] for stop in stops if stop.violations] == [
        ["missing_skill"]
    ]
    route = Route.objects.get()
    assert route.violations == [
        {"code": "too_many_stops", "message": "The route has 1 more stop than allowed."}
    ]
    skilled = next(stop for stop in stops if stop.violations)
    place_target(edit=edit(draft), target_id=skilled.target_id, employee_id=able.pk)
    assert all(one.violations == [] for one in stops_of(draft))
    assert all(one.violations == [] for one in Route.objects.all())


def test_what_was_left_out_by_hand_stays_out_until_it_is_given_to_somebody(tenant: Tenant) -> None:
    person = employee(tenant)
    wanted = targets(tenant, 3)
    draft = drafted(tenant, wanted)
    out = wanted[1].pk
    leave_out(edit=edit(draft), target_id=out)
    assert reasons(draft) == {out: "left_out_by_hand"}
    assert (fresh(draft).summary["stops"], fresh(draft).summary["excluded"]) == (2, 1)
    replan_suggestion(suggestion=draft, revision=fresh(draft).revision, actor=None)
    work_suggestion(draft.pk)
    assert reasons(draft) == {out: "left_out_by_hand"}
    assert len(stops_of(draft)) == 2
    place_target(edit=edit(draft), target_id=out, employee_id=person.pk)
    assert (reasons(draft), len(stops_of(draft))) == ({}, 3)


def test_locked_stops_stay_with_their_people_when_the_draft_is_planned_again(tenant: Tenant) -> None:
    near, far = employee(tenant), employee(tenant, start_latitude=52.0, start_longitude=8.0)
    draft = drafted(tenant, targets(tenant, 3), employee_ids=[near.pk, far.pk])
    wanted = order_of(draft, near)[0]
    place_target(edit=edit(draft), target_id=wanted, employee_id=far.pk)
    lock_stop(edit=edit(draft), target_id=wanted, locked=True)
    replan_suggestion(suggestion=draft, revision=fresh(draft).revision, actor=None)
    assert fresh(draft).status == "Pending"
    work_suggestion(draft.pk)
    assert wanted in order_of(draft, far)
    assert [stop.locked for stop in stops_of(draft) if stop.target_id == wanted] == [True]
    lock_stop(edit=edit(draft), target_id=wanted, locked=False)
    replan_suggestion(suggestion=draft, revision=fresh(draft).revision, actor=None)
    work_suggestion(draft.pk)
    assert wanted in order_of(draft, near)


def test_the_second_of_two_editors_is_told_and_changes_nothing(tenant: Tenant) -> None:
    employee(tenant)
    wanted = targets(tenant, 3)
    draft = drafted(tenant, wanted)
    seen = edit(draft)
    leave_out(edit=seen, target_id=wanted[0].pk)
    lates: list[Callable[[], object]] = [
        partial(leave_out, edit=seen, target_id=wanted[1].pk),
        partial(lock_stop, edit=seen, target_id=wanted[1].pk, locked=True),
        partial(replan_suggestion, suggestion=draft, revision=seen.revision, actor=None),
    ]
    for late in lates:
        with pytest.raises(Conflict, match="Somebody else has changed"):
            late()
    assert len(stops_of(draft)) == 2


def test_published_routes_cannot_be_edited_but_others_of_the_same_suggestion_can(tenant: Tenant) -> None:
    anna, ben = employee(tenant, max_stops=2), employee(tenant, max_stops=2)
    draft = drafted(tenant, targets(tenant, 4))
    published(draft, route_ids=[Route.objects.get(employee=anna).pk])
    with pytest.raises(Conflict, match="not open any more"):
        place_target(edit=edit(draft), target_id=order_of(draft, anna)[0], employee_id=ben.pk)
    with pytest.raises(Conflict, match="route is published"):
        leave_out(edit=edit(draft), target_id=order_of(draft, anna)[0])
    with pytest.raises(Conflict, match="route is published"):
        place_target(edit=edit(draft), target_id=order_of(draft, ben)[0], employee_id=anna.pk)
    leave_out(edit=edit(draft), target_id=order_of(draft, ben)[0])
    assert Appointment.objects.count() == 2
    assert len(stops_of(draft)) == 3


def test_only_what_belongs_to_the_suggestion_and_the_tenant_can_be_placed(tenant: Tenant) -> None:
    person = employee(tenant)
    foreign = employee(factories.tenant())
    wanted = target(tenant)
    draft = drafted(tenant, [wanted])
    with pytest.raises(NotFound):
        place_target(edit=edit(draft), target_id=target(tenant).pk, employee_id=person.pk)
    with pytest.raises(NotFound):
        place_target(edit=edit(draft), target_id=wanted.pk, employee_id=foreign.pk)
    with pytest.raises(NotFound):
        leave_out(edit=edit(draft), target_id=2**60)
    assert fresh(draft).revision == draft.revision


def test_what_has_no_coordinates_or_is_not_open_cannot_be_placed(tenant: Tenant) -> None:
    person = employee(tenant)
    lost, done = target(tenant, latitude=None, longitude=None), target(tenant, status="Completed")
    draft = drafted(tenant, [lost, done])
    with pytest.raises(Conflict, match="have no coordinates"):
        place_target(edit=edit(draft), target_id=lost.pk, employee_id=person.pk)
    with pytest.raises(Conflict, match="not open any more"):
        place_target(edit=edit(draft), target_id=done.pk, employee_id=person.pk)


def test_who_does_not_work_that_day_gets_nothing(tenant: Tenant) -> None:
    employee(tenant)
    away = Employee.objects.create(tenant=tenant, name="Away", start_latitude=51.0, start_longitude=7.0)
    draft = drafted(tenant, targets(tenant, 1))
    with pytest.raises(Conflict, match="has no time or no start on 2026-07-01"):
        place_target(edit=edit(draft), target_id=Target.objects.get().pk, employee_id=away.pk)


# --- The suggestion as a whole -----------------------------------------------------------------------------


def test_a_discarded_draft_is_published_no_more(tenant: Tenant) -> None:
    employee(tenant)
    draft = drafted(tenant, targets(tenant, 1))
    discard_suggestion(suggestion=draft, actor=None)
    with pytest.raises(Conflict, match="is discarded, not a draft or published"):
        published(draft)
    with pytest.raises(Conflict, match="is discarded, not a draft"):
        discard_suggestion(suggestion=draft, actor=None)
    assert not Appointment.objects.exists()


def test_planning_that_is_cancelled_leaves_no_draft(tenant: Tenant) -> None:
    employee(tenant)
    suggestion = asked(tenant, targets(tenant, 1))
    cancel_planning(suggestion=suggestion, actor=None)
    work_suggestion(suggestion.pk)
    row = fresh(suggestion)
    assert (row.status, row.failure) == ("Failed", "Cancelled before there was an answer.")
    assert (row.attempts, stops_of(row)) == (0, [])


def test_planning_again_that_is_cancelled_leaves_the_draft_that_was_there(tenant: Tenant) -> None:
    employee(tenant)
    draft = drafted(tenant, targets(tenant, 2))
    before = [stop.pk for stop in stops_of(draft)]
    replan_suggestion(suggestion=draft, revision=draft.revision, actor=None)
    cancel_planning(suggestion=draft, actor=None)
    assert fresh(draft).status == "Draft"
    assert [stop.pk for stop in stops_of(draft)] == before
