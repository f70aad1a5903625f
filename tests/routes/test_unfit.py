"""Visits that were published before, and days that changed since."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from ordinavo.tenants.models import Tenant
from targets.routes.selectors.whole import whole
from targets.visits.models import Absence, Appointment, Employee, WorkingHours
from tests.routes.rows import at, drafted, fresh, reasons, stops_of, target, targets
from tests.visits.rows import DAY, appointment, employee

pytestmark = pytest.mark.django_db


def visit(person: Employee, hour: float, **fields: Any) -> Appointment:
    """An hour that was published to somebody."""
    start = at(0) + timedelta(hours=hour)
    return appointment(target(person.tenant, status="Scheduled", **fields), person, start)


def told(tenant: Tenant, **fields: Any) -> list[tuple[int, str]]:
    """What is told of visits when the day is planned again."""
    draft = drafted(tenant, targets(tenant, 1), **fields)
    return [(one["appointmentId"], one["message"]) for one in draft.unfit]


def _absent(person: Employee) -> None:
    Absence.objects.create(employee=person, first_day=DAY, last_day=DAY)


def _left(person: Employee) -> None:
    Employee.objects.filter(pk=person.pk).update(active=False)


def _works_less(person: Employee) -> None:
    WorkingHours.objects.filter(employee=person).update(start="13:00", end="16:00")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_absent, "Anna does not work on that day."),
        (_left, "Anna does not work on that day."),
        (_works_less, "It lies outside the working hours."),
    ],
)
def test_a_visit_whose_person_cannot_come_any_more_is_told(
    tenant: Tenant, change: Callable[[Employee], None], message: str
) -> None:
    employee(tenant, name="Zoe")
    anna = employee(tenant, name="Anna")
    standing = visit(anna, 8)
    assert told(tenant) == []
    change(anna)
    assert told(tenant) == [(standing.pk, message)]


@pytest.mark.parametrize(
    ("window", "message"),
    [
        ({"time_window_start": at(10)}, "It lies outside the time window of its target."),
        ({"time_window_end": at(8)}, "It lies outside the time window of its target."),
        ({"time_window_start": at(9), "fixed_time": True}, "Its target has another fixed time."),
    ],
)
def test_a_visit_whose_window_was_moved_is_told(tenant: Tenant, window: dict[str, Any], message: str) -> None:
    standing = visit(employee(tenant), 8, **window)
    assert told(tenant) == [(standing.pk, message)]


@pytest.mark.parametrize(
    "window",
    [
        {"time_window_start": at(8), "time_window_end": at(9)},
        {"time_window_start": at(8), "fixed_time": True},
        {"time_window_start": at(7)},
    ],
)
def test_a_visit_that_still_fits_is_not_told(tenant: Tenant, window: dict[str, Any]) -> None:
    visit(employee(tenant), 8, **window)
    assert told(tenant) == []


def test_visits_that_follow_too_closely_are_told(tenant: Tenant) -> None:
    person = employee(tenant)
    visit(person, 8)
    second = visit(person, 8.5)
    far = visit(person, 9.6, latitude=51.9)
    assert told(tenant) == [
        (second.pk, "It begins before the visit before it ends."),
        (far.pk, "There is too little time for the way from the visit before it."),
    ]


def test_what_has_begun_or_belongs_to_others_is_not_told(tenant: Tenant) -> None:
    anna, ben = employee(tenant, name="Anna"), employee(tenant, name="Ben")
    Appointment.objects.filter(pk=visit(anna, 8).pk).update(status="Started", started_at=timezone.now())
    visit(ben, 8)
    _absent(anna)
    _absent(ben)
    assert told(tenant, employee_ids=[anna.pk]) == []


def test_who_is_over_their_limit_or_hours_keeps_what_stands_and_gets_nothing_at_that_time(
    tenant: Tenant,
) -> None:
    """Options narrow the day for what is new; a visit across its beginning takes its time all the same."""
    person = employee(tenant, max_stops=3)
    early, across = visit(person, 7), visit(person, 9.5)
    draft = drafted(tenant, targets(tenant, 4), options={"startTime": "12:00"})
    # 12:00 in the tenant's zone is 10:00 UTC.
    [stop] = stops_of(draft)
    assert stop.work_starts_at >= across.planned_end
    assert stop.route.known_appointments == [early.pk, across.pk]
    assert set(reasons(draft).values()) == {"capacity_full"}
    assert draft.unfit == []


def test_nothing_is_planned_over_two_visits_that_overlap(tenant: Tenant) -> None:
    person = employee(tenant, hours=(8, 11))
    visit(person, 6.5)
    visit(person, 7)
    draft = drafted(tenant, targets(tenant, 3))
    assert all(stop.work_starts_at >= at(8) for stop in stops_of(draft))


def test_what_was_decided_since_is_not_shown_any_more(tenant: Tenant) -> None:
    anna, ben = employee(tenant, name="Anna"), employee(tenant, name="Ben")
    given_away, cancelled, waiting = visit(anna, 7), visit(anna, 8), visit(anna, 9)
    _absent(anna)
    draft = drafted(tenant, targets(tenant, 1))
    Appointment.objects.filter(pk=given_away.pk).update(employee=ben)
    Appointment.objects.filter(pk=cancelled.pk).update(status="Cancelled")
    [(row, message)] = whole(fresh(draft)).unfit
    assert (row, message) == (waiting, "Anna does not work on that day.")
