"""From rows to routes: what a suggestion is planned from, and what is stored of the answer."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.models import IntegrationClient
from ordinavo.tenants.models import Tenant
from targets.models import Target, TargetTemplate
from targets.routes.models import RouteSuggestion
from targets.routes.planning.problem import Place
from targets.routes.solving.facts import place_of
from targets.routes.solving.work import work_suggestion
from targets.visits.models import Absence, Employee, WorkingHours
from tests.customers.rows import customer, location
from tests.routes.rows import asked, at, drafted, fresh, reasons, route_of, stops_of, target, targets
from tests.visits.rows import DAY, ESSEN, appointment, employee

pytestmark = pytest.mark.django_db

MOST_STATEMENTS = 25


def test_a_draft_plans_all_targets_within_the_hours_and_tells_its_totals(tenant: Tenant) -> None:
    person = employee(tenant)
    wanted = targets(tenant, 5)
    draft = drafted(tenant, wanted)
    stops, route = stops_of(draft), route_of(draft)
    assert (draft.status, draft.failure, draft.progress, draft.attempts) == ("Draft", "", 100, 1)
    assert {stop.target_id for stop in stops} == {one.pk for one in wanted}
    assert [stop.sequence for stop in stops] == [1, 2, 3, 4, 5]
    assert (route.number, route.employee, route.status, route.violations) == (1, person, "Draft", [])
    assert at(6) <= route.starts_at <= stops[0].arrives_at <= stops[0].work_starts_at
    assert stops[-1].departs_at <= route.ends_at <= at(14)
    assert all(stop.departs_at - stop.work_starts_at == timedelta(minutes=30) for stop in stops)
    assert draft.summary == {
        "routes": 1,
        "stops": 5,
        "excluded": 0,
        "distanceMeters": route.distance_meters,
        "travelMinutes": route.travel_minutes,
        "workMinutes": 150,
    }
    assert (draft.solved_at is not None, draft.lease_until) == (True, None)
    assert len(draft.input_digest) == 64
    assert draft.iterations > 0


def test_the_same_question_has_the_same_digest_and_another_one_another(tenant: Tenant) -> None:
    employee(tenant)
    wanted = targets(tenant, 3)
    first, second = drafted(tenant, wanted), drafted(tenant, wanted)
    wanted[0].estimated_work_minutes = 31
    wanted[0].save()
    assert first.input_digest == second.input_digest != drafted(tenant, wanted).input_digest


def test_what_cannot_be_planned_at_all_is_left_out_with_its_reason(tenant: Tenant) -> None:
    employee(tenant)
    wanted = {
        "not_open": target(tenant, status=Target.Status.SCHEDULED),
        "wrong_date": target(tenant, route_date=date(2026, 7, 2)),
        "missing_coordinates": target(tenant, latitude=None, longitude=None),
    }
    past = target(
        tenant, time_window_start=at(8, day=date(2026, 6, 1)), time_window_end=at(9, day=date(2026, 6, 1))
    )
    draft = drafted(tenant, [*wanted.values(), past, target(tenant)])
    assert reasons(draft) == {one.pk: code for code, one in wanted.items()} | {past.pk: "wrong_date"}
    assert draft.summary["excluded"] == 4
    assert len(stops_of(draft)) == 1
    assert set(draft.exclusions.values_list("message", flat=True)) == {
        "It is not open: its status is Scheduled.",
        "It is to be planned for 2026-07-02, not for 2026-07-01.",
        "Neither its location nor its address has usable coordinates.",
        "Its time window does not lie on 2026-07-01.",
    }


def test_without_employees_the_draft_leaves_everything_out(tenant: Tenant) -> None:
    wanted = targets(tenant, 2)
    draft = drafted(tenant, wanted)
    assert draft.status == "Draft"
    assert reasons(draft) == dict.fromkeys((one.pk for one in wanted), "no_employee_available")
    assert draft.summary["routes"] == draft.summary["stops"] == 0


@pytest.mark.parametrize("why", ["absent", "inactive", "no hours", "no start", "another tenant"])
def test_people_who_cannot_work_that_day_are_not_planned(tenant: Tenant, why: str) -> None:
    person = employee(tenant)
    match why:
        case "absent":
            Absence.objects.create(employee=person, first_day=DAY, last_day=DAY)
        case "inactive":
            Employee.objects.update(active=False)
        case "no hours":
            WorkingHours.objects.filter(weekday=DAY.weekday()).delete()
        case "no start":
            Employee.objects.update(start_latitude=None, start_longitude=None)
        case "another tenant":
            Employee.objects.update(tenant=Tenant.objects.create(slug="other", name="Other"))
    draft = drafted(tenant, targets(tenant, 1))
    assert list(reasons(draft).values()) == ["no_employee_available"]


def test_absences_end_with_their_last_day(tenant: Tenant) -> None:
    person = employee(tenant)
    Absence.objects.create(employee=person, first_day=DAY - timedelta(9), last_day=DAY - timedelta(1))
    Absence.objects.create(employee=person, first_day=DAY + timedelta(1), last_day=DAY + timedelta(9))
    assert len(stops_of(drafted(tenant, targets(tenant, 1)))) == 1


def test_windows_are_hard_and_fixed_times_are_kept_to_the_second(tenant: Tenant) -> None:
    employee(tenant)
    fixed = target(tenant, fixed_time=True, time_window_start=at(10, 7), time_window_end=at(13))
    late = target(tenant, time_window_start=at(12))
    early = target(tenant, time_window_end=at(7))
    found = {stop.target_id: stop for stop in stops_of(drafted(tenant, [fixed, late, early]))}
    assert found[fixed.pk].work_starts_at == at(10, 7)
    assert found[late.pk].work_starts_at >= at(12)
    assert found[early.pk].departs_at <= at(7)


def test_the_place_of_a_location_goes_before_the_address(tenant: Tenant) -> None:
    employee(tenant)
    place = location(customer(tenant), latitude=ESSEN[0], longitude=ESSEN[1])
    bare = location(customer(tenant), name="Bare")
    here, there = target(tenant, location=place), target(tenant, location=bare)
    assert place_of(here) == Place(*ESSEN)
    assert place_of(there) == Place(there.latitude, there.longitude)  # type: ignore[arg-type]
    draft = drafted(tenant, [here])
    assert route_of(draft).distance_meters == 0


def test_skills_come_from_the_template(tenant: Tenant) -> None:
    template = TargetTemplate.objects.create(tenant=tenant, key="gas", name="Gas", skills=["gas"])
    employee(tenant)
    able = employee(tenant, skills=["gas", "power"])
    draft = drafted(tenant, [target(tenant, template=template)])
    assert route_of(draft).employee == able


def test_hours_of_the_options_narrow_the_day_in_the_tenants_zone(tenant: Tenant) -> None:
    employee(tenant)
    draft = drafted(tenant, targets(tenant, 2), options={"startTime": "10:00", "endTime": "12:30"})
    route = route_of(draft)
    assert at(8) <= route.starts_at < route.ends_at <= at(10, 30)


def test_options_that_leave_no_hours_leave_no_employee(tenant: Tenant) -> None:
    employee(tenant)
    draft = drafted(tenant, targets(tenant, 1), options={"startTime": "16:00"})
    assert list(reasons(draft).values()) == ["no_employee_available"]


def test_only_the_chosen_people_are_planned(tenant: Tenant) -> None:
    employee(tenant)
    chosen = employee(tenant)
    draft = drafted(tenant, targets(tenant, 3), employee_ids=[chosen.pk])
    assert route_of(draft).employee == chosen


def test_limits_of_people_and_options_are_kept(tenant: Tenant) -> None:
    employee(tenant, max_stops=2)
    assert len(stops_of(drafted(tenant, targets(tenant, 4)))) == 2
    draft = drafted(tenant, targets(tenant, 4), options={"maxStopsPerRoute": 1})
    assert len(stops_of(draft)) == 1
    assert set(reasons(draft).values()) == {"capacity_full"}


def test_a_break_lies_within_its_window(tenant: Tenant) -> None:
    person = employee(tenant)
    WorkingHours.objects.filter(employee=person).update(
        break_minutes=45, break_from=time(11, 30), break_until=time(13)
    )
    route = route_of(drafted(tenant, targets(tenant, 14)))
    assert route.break_starts_at is not None
    assert at(9, 30) <= route.break_starts_at <= at(10, 15)
    assert route.break_minutes == 45


def test_appointments_that_are_there_take_their_time_and_are_known(tenant: Tenant) -> None:
    person = employee(tenant)
    standing = appointment(target(tenant, status="Scheduled"), person, at(9))
    cancelled = appointment(target(tenant), person, at(7), status="Cancelled")
    draft = drafted(tenant, targets(tenant, 11))
    route = route_of(draft)
    assert route.known_appointments == [standing.pk] != [cancelled.pk]
    for stop in stops_of(draft):
        assert stop.departs_at <= at(9) or stop.work_starts_at >= at(10)
    assert route.work_minutes == 30 * len(stops_of(draft))


# --- Time zones --------------------------------------------------------------------------------------------


def test_each_person_works_by_the_clock_of_their_own_zone(tenant: Tenant) -> None:
    employee(tenant, hours=(8, 10))
    there = employee(tenant, hours=(8, 10), time_zone="America/New_York")
    early = target(tenant, time_window_end=at(8))
    late = target(tenant, time_window_start=at(12), time_window_end=at(14))
    found = {stop.target_id: stop for stop in stops_of(drafted(tenant, [early, late]))}
    assert found[late.pk].route.employee == there
    assert found[early.pk].route.employee != there


@pytest.mark.parametrize(
    ("day", "hours", "begins", "ends"),
    [
        # Clocks go forward at 02:00 local time, 01:00 UTC.
        (date(2026, 3, 29), (1, 9), at(0, day=date(2026, 3, 29)), at(7, day=date(2026, 3, 29))),
        # And back at 03:00 local time, 01:00 UTC.
        (date(2026, 10, 25), (1, 9), at(23, day=date(2026, 10, 24)), at(8, day=date(2026, 10, 25))),
    ],
)
def test_days_on_which_the_clocks_change_are_as_long_as_they_are(
    tenant: Tenant, day: date, hours: tuple[int, int], begins: datetime, ends: datetime
) -> None:
    employee(tenant, hours=hours)
    first = target(
        tenant, latitude=ESSEN[0], longitude=ESSEN[1], time_window_end=begins + timedelta(minutes=30)
    )
    last = target(
        tenant, latitude=ESSEN[0], longitude=ESSEN[1], time_window_start=ends - timedelta(minutes=30)
    )
    stops = stops_of(drafted(tenant, [first, last], route_date=day))
    assert [(stop.target_id, stop.work_starts_at) for stop in stops] == [
        (first.pk, begins),
        (last.pk, ends - timedelta(minutes=30)),
    ]


def test_hours_that_the_clock_swallows_are_no_hours(tenant: Tenant) -> None:
    person = employee(tenant)
    WorkingHours.objects.filter(employee=person).update(start=time(2, 30), end=time(3, 15))
    day = date(2026, 3, 29)
    assert list(reasons(drafted(tenant, targets(tenant, 1), route_date=day)).values()) == [
        "no_employee_available"
    ]


@pytest.mark.parametrize("day", [date(1900, 1, 1), date(2199, 12, 31)])
def test_dates_long_past_and_far_away_are_planned(tenant: Tenant, day: date) -> None:
    employee(tenant)
    assert len(stops_of(drafted(tenant, targets(tenant, 1), route_date=day))) == 1


# --- Work --------------------------------------------------------------------------------------------------


def test_what_is_done_is_not_done_again(tenant: Tenant) -> None:
    employee(tenant)
    draft = drafted(tenant, targets(tenant, 2))
    work_suggestion(draft.pk)
    assert fresh(draft).solved_at == draft.solved_at


def test_the_number_of_statements_does_not_depend_on_the_number_of_targets(
    erp: IntegrationClient,
) -> None:
    employee(erp.tenant)
    counts = []
    for number in (2, 13):
        suggestion = asked(erp.tenant, targets(erp.tenant, number), client=erp)
        with CaptureQueriesContext(connection) as captured:
            work_suggestion(suggestion.pk)
        counts.append([query["sql"].split()[0] for query in captured.captured_queries])
    assert len(counts[0]) == len(counts[1]) <= MOST_STATEMENTS
    assert RouteSuggestion.objects.filter(status="Draft").count() == 2
