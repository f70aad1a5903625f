"""The board: every stop stands in exactly one way, and nothing of other tenants is shown."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ordinavo.tenants.models import Role, Tenant
from targets.visits.models import Appointment, VisitReport
from targets.visits.selectors.board import State, stops_of, tallies_of
from tests.admin.conftest import THEIRS, LogIn, Rows
from tests.routes.rows import target
from tests.visits.rows import appointment, employee

DAY = date(2026, 7, 1)
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
BOARD = "/admin/board/"


def stop(tenant: Tenant, person: Any, start: datetime, **fields: Any) -> Appointment:
    return appointment(target(tenant), person, start, **fields)


@pytest.fixture
def anna(tenant: Tenant) -> Any:
    return employee(tenant, name="Anna")


@pytest.mark.parametrize(
    ("start", "status", "state"),
    [
        (NOON - HOUR, "Completed", State.DONE),
        (NOON - HOUR, "ProblemReported", State.TROUBLE),
        (NOON - timedelta(minutes=30), "Started", State.UNDER_WAY),
        (NOON - timedelta(minutes=69), "Started", State.UNDER_WAY),
        (NOON - timedelta(minutes=71), "Started", State.LATE),
        (NOON - timedelta(minutes=9), "Scheduled", State.PLANNED),
        (NOON - timedelta(minutes=11), "Scheduled", State.LATE),
        (NOON + HOUR, "Scheduled", State.PLANNED),
    ],
)
def test_a_stop_stands_in_exactly_one_way(
    tenant: Tenant, anna: Any, start: datetime, status: str, state: State
) -> None:
    stop(tenant, anna, start, status=status)

    [tally] = tallies_of(tenant, DAY, now=NOON)
    [shown] = stops_of(tenant, DAY, [anna.pk], now=NOON)[anna.pk]

    assert shown.state == state
    assert {one.value: getattr(tally, one.value) for one in State} == {
        one.value: int(one is state) for one in State
    }
    assert tally.total == 1


def test_cancelled_visits_other_days_and_other_tenants_are_left_out(tenant: Tenant, anna: Any) -> None:
    stop(tenant, anna, NOON, status="Cancelled")
    stop(tenant, anna, NOON, day=DAY + timedelta(days=1))

    assert tallies_of(tenant, DAY, now=NOON) == []
    assert stops_of(tenant, DAY, [anna.pk], now=NOON) == {}


def test_people_stand_by_name_with_their_stops_in_order(tenant: Tenant, anna: Any) -> None:
    bert = employee(tenant, name="Bert")
    stop(tenant, bert, NOON)
    second, first = stop(tenant, anna, NOON + HOUR), stop(tenant, anna, NOON)

    assert [(one.name, one.total) for one in tallies_of(tenant, DAY, now=NOON)] == [("Anna", 2), ("Bert", 1)]
    assert [one.pk for one in stops_of(tenant, DAY, [anna.pk], now=NOON)[anna.pk]] == [first.pk, second.pk]


def today_of(tenant: Tenant, person: Any) -> Appointment:
    now = timezone.now()
    return stop(tenant, person, now - 2 * HOUR, day=timezone.localdate(), status="Scheduled")


def shown(browser: Client, path: str = BOARD) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return text


@pytest.mark.parametrize("role", [Role.ADMIN, Role.MANAGER, Role.DISPATCHER, Role.SUPPORT])
def test_each_role_of_the_house_sees_who_is_late_in_words(
    tenant: Tenant, anna: Any, log_in: LogIn, role: Role
) -> None:
    late = today_of(tenant, anna)

    page = shown(log_in(role), f"{BOARD}live/")

    assert "Anna" in page
    assert "1 late" in page
    assert "2 h 00 min late" in page
    assert f"/admin/visits/appointment/{late.pk}/change/" in page


def test_trouble_names_the_problem(tenant: Tenant, anna: Any, log_in: LogIn) -> None:
    visit = today_of(tenant, anna)
    Appointment.objects.filter(pk=visit.pk).update(status="ProblemReported")
    VisitReport.objects.create(
        tenant=tenant,
        appointment=visit,
        employee=anna,
        status="Submitted",
        result="NotSuccessful",
        problem="no_access",
    )

    assert "In trouble: no access" in shown(log_in(Role.MANAGER))


def test_employees_and_strangers_see_no_board(tenant: Tenant, anna: Any, log_in: LogIn) -> None:
    today_of(tenant, anna)
    for browser in (log_in(Role.EMPLOYEE), Client()):
        for path in (BOARD, f"{BOARD}live/"):
            answer = browser.get(path)
            assert answer.status_code == 302
            assert answer.headers["Location"].startswith("/admin/login/")


def test_nothing_of_others_is_on_the_board(ours: Rows, theirs: Rows, log_in: LogIn) -> None:
    for row in (ours, theirs):
        Appointment.objects.filter(pk=row[Appointment].pk).update(day=timezone.localdate())

    page = shown(log_in(Role.MANAGER))

    assert THEIRS not in page
    assert "ourword employee" in page


def test_operators_choose_a_tenant_first(ours: Rows, operator: Client) -> None:
    operator.post("/admin/tenants/tenant/switch/", {"tenant": ""})

    page = shown(operator)

    assert "Choose a tenant" in page
    assert "ourword employee" not in page


def test_a_number_shows_only_the_people_whom_it_concerns(tenant: Tenant, anna: Any, log_in: LogIn) -> None:
    today_of(tenant, anna)
    now = timezone.now()
    stop(tenant, employee(tenant, name="Bert"), now, day=timezone.localdate(), status="Completed")
    browser = log_in(Role.MANAGER)

    assert "Bert" not in shown(browser, f"{BOARD}live/?show=late")
    assert "Anna" in shown(browser, f"{BOARD}live/?show=late")
    assert "Nobody has stops that are in trouble" in shown(browser, f"{BOARD}live/?show=trouble")


@pytest.mark.parametrize(
    "query", ["day=2026-13-99", "day=0001-01-01", "day=x", "from=9999", "from=-1", "show=x"]
)
def test_odd_questions_show_a_board(log_in: LogIn, query: str) -> None:
    assert "No visits on this day" in shown(log_in(Role.MANAGER), f"{BOARD}?{query}")


def test_a_board_costs_the_same_for_many_people(tenant: Tenant, log_in: LogIn) -> None:
    browser = log_in(Role.MANAGER)
    counts = []
    for number in (2, 60):
        for _ in range(number):
            today_of(tenant, employee(tenant))
        with CaptureQueriesContext(connection) as captured:
            shown(browser, f"{BOARD}live/")
        counts.append(len(captured))

    # Session, person, permissions (2), tenant; and of the board three.
    assert counts == [8, 8]


def test_more_people_than_a_page_holds_are_on_the_next_one(tenant: Tenant, log_in: LogIn) -> None:
    for number in range(55):
        today_of(tenant, employee(tenant, name=f"Person {number:02}"))
    browser = log_in(Role.MANAGER)

    first, second = shown(browser), shown(browser, f"{BOARD}?from=50")

    assert "Person 49" in first
    assert "Person 50" not in first
    assert "Person 50" in second
    assert "Person 49" not in second
