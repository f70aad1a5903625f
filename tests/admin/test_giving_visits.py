"""Giving visits to somebody else on the day, in the admin."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ordinavo.tenants.models import Role, Tenant
from targets.models import TargetTemplate
from targets.visits.admin.reassigning import MOST_SHOWN
from targets.visits.models import Absence, Appointment, Employee
from targets.visits.selectors.days import zone_of
from tests import factories
from tests.admin.conftest import LogIn
from tests.admin.days import said
from tests.admin.test_appointments import LIST, NINE, page_of
from tests.admin.test_employees import shown
from tests.routes.rows import target
from tests.visits.phones import phone
from tests.visits.rows import DAY, appointment, employee


@pytest.fixture
def ada(tenant: Tenant) -> Employee:
    return employee(tenant, name="Ada Berg")


@pytest.fixture
def bob(tenant: Tenant) -> Employee:
    return employee(tenant, name="Bob Tal")


@pytest.fixture
def visit(tenant: Tenant, ada: Employee) -> Appointment:
    return appointment(target(tenant, title="Boiler"), ada, NINE)


def giving(*visits: Appointment) -> str:
    return f"{LIST}reassign/?visits={','.join(str(one.pk) for one in visits)}"


def give(browser: Client, to: Employee, *visits: Appointment) -> Any:
    return browser.post(giving(*visits), {"employee": to.pk}, follow=True)


def test_a_dispatcher_gives_a_visit_to_somebody_who_works_that_day(
    visit: Appointment, ada: Employee, bob: Employee, log_in: LogIn
) -> None:
    browser = log_in(Role.DISPATCHER)
    assert "Give to somebody else" in shown(browser, page_of(visit))
    page = shown(browser, giving(visit))
    assert ("Bob Tal" in page, f'value="{ada.pk}"' in page) == (True, False)

    answer = give(browser, bob, visit)

    assert said(answer) == ["The visit is now Bob Tal's. Both phones show it with their next look."]
    visit.refresh_from_db()
    assert (visit.employee, visit.planned_start, visit.day) == (bob, NINE, DAY)


def test_a_sick_persons_day_goes_to_somebody_else_in_one_go_and_what_has_begun_stays(
    tenant: Tenant, ada: Employee, bob: Employee, log_in: LogIn
) -> None:
    waiting = [appointment(target(tenant), ada, NINE.replace(hour=hour)) for hour in (10, 11)]
    begun = appointment(target(tenant, title="Begun"), ada, NINE, status="Started")
    browser = log_in(Role.DISPATCHER)
    picked = {"action": "reassign_all", "_selected_action": [one.pk for one in (*waiting, begun)]}

    led = browser.post(LIST, picked)
    answer = browser.post(led.headers["Location"], {"employee": bob.pk}, follow=True)

    assert led.headers["Location"] == giving(*waiting, begun)
    assert said(answer) == [
        "Begun: Work on this visit has begun: it can't be taken back.",
        "2 of 3 visits are now Bob Tal's. Both phones show it with their next look.",
    ]
    assert set(Appointment.objects.filter(employee=bob)) == set(waiting)
    assert Appointment.objects.get(employee=ada) == begun


def test_load_and_what_speaks_against_a_person_are_shown_and_the_fittest_comes_first(
    tenant: Tenant, visit: Appointment, log_in: LogIn
) -> None:
    template = TargetTemplate.objects.create(tenant=tenant, key="gas", name="Gas", skills=["gas", "lift"])
    visit.target.template = template
    visit.target.save()
    employee(tenant, name="Fit", skills=["gas", "lift"])
    busy = employee(tenant, name="Busy", skills=["gas", "lift"], max_stops=1, hours=(12, 20))
    employee(tenant, name="Unskilled", skills=["gas"])
    absent = employee(tenant, name="Absent")
    Absence.objects.create(employee=absent, first_day=DAY, last_day=DAY)
    employee(tenant, name="Gone", active=False)
    appointment(target(tenant), busy, NINE + timedelta(minutes=30))

    page = log_in(Role.DISPATCHER).get(giving(visit))

    assert [
        (stand.employee.name, stand.stops, stand.work_minutes, against) for stand, against in people(page)
    ] == [
        ("Fit", 0, 0, []),
        (
            "Busy",
            1,
            60,
            [
                ("1 visit at that time", "warn"),
                ("Outside working hours", "warn"),
                ("More stops than allowed with it", "warn"),
            ],
        ),
        ("Unskilled", 0, 0, [("Lacks lift", "bad")]),
    ]
    assert [(who.name, why) for who, why in page.context["away"]] == [("Absent", "Absent")]


def test_many_people_are_found_by_name(tenant: Tenant, visit: Appointment, log_in: LogIn) -> None:
    for number in range(MOST_SHOWN + 1):
        employee(tenant, name=f"Person {number}")
    idle = employee(tenant, name="Person who never works")
    idle.hours.all().delete()
    last = employee(tenant, name="Zoe Last")
    browser = log_in(Role.DISPATCHER)
    many, found = (browser.get(giving(visit) + query) for query in ("", "&named=zoe"))
    never, nobody = (browser.get(f"{giving(visit)}&named={name}") for name in ("never", "Ada"))

    assert (len(people(many)), many.context["away"]) == (MOST_SHOWN, [])
    assert "There are more people than these." in many.content.decode()
    assert [stand.employee for stand, _ in people(found)] == [last]
    assert "There are more people" not in found.content.decode()
    assert never.context["away"] == [(idle, "Does not work on Wednesdays")]
    assert "Nobody is called “Ada”, or they have the visit already." in nobody.content.decode()
    browser.post(f"{giving(visit)}&named=zoe", {"employee": last.pk})
    assert Appointment.objects.get().employee == last


def test_travel_that_is_not_known_any_more_is_shown_so(
    visit: Appointment, bob: Employee, log_in: LogIn
) -> None:
    browser = log_in(Role.DISPATCHER)
    before = shown(browser, page_of(visit))
    give(browser, bob, visit)
    assert ("Not known" in before, "Not known" in shown(browser, page_of(visit))) == (False, True)


def people(page: Any) -> list[Any]:
    found: list[Any] = page.context["people"]
    return found


def test_where_nobody_else_works_the_page_says_what_to_do(visit: Appointment, log_in: LogIn) -> None:
    page = shown(log_in(Role.DISPATCHER), giving(visit))

    assert "Nobody else works on this day." in page
    assert "/admin/visits/employee/" in page


def test_visits_of_two_days_are_refused(
    tenant: Tenant, visit: Appointment, ada: Employee, log_in: LogIn
) -> None:
    other = appointment(target(tenant), ada, NINE + timedelta(days=1), day=DAY + timedelta(days=1))

    answer = log_in(Role.DISPATCHER).get(giving(visit, other), follow=True)

    assert said(answer) == ["Choose visits of one day: people work on some days and not on others."]


def test_nobody_chosen_or_somebody_who_does_not_work_changes_nothing(
    tenant: Tenant, visit: Appointment, ada: Employee, bob: Employee, log_in: LogIn
) -> None:
    Absence.objects.create(employee=bob, first_day=DAY, last_day=DAY)
    employee(tenant)
    stranger = employee(factories.tenant())
    browser = log_in(Role.DISPATCHER)

    for pk in ("", bob.pk, stranger.pk, "x"):
        page = browser.post(giving(visit), {"employee": pk})
        assert "Choose somebody." in page.content.decode()

    visit.refresh_from_db()
    assert visit.employee == ada


def test_a_visit_that_has_begun_has_no_button(visit: Appointment, log_in: LogIn) -> None:
    Appointment.objects.update(status="Started")

    assert "Give to somebody else" not in shown(log_in(Role.DISPATCHER), page_of(visit))


@pytest.mark.parametrize("named", ["", "x", "1,x", "999999999999999999", "9" * 40, ",", "-1"])
def test_visits_that_do_not_exist_are_not_found(named: str, visit: Appointment, log_in: LogIn) -> None:
    assert log_in(Role.DISPATCHER).get(f"{LIST}reassign/?visits={named}").status_code == 404


def test_visits_of_others_are_answered_like_none_at_all(
    visit: Appointment, bob: Employee, log_in: LogIn, operator: Client
) -> None:
    other = factories.tenant()
    theirs = appointment(target(other), employee(other), NINE)
    for browser in (log_in(Role.ADMIN), operator):
        for named in (giving(theirs), giving(visit, theirs)):
            assert browser.get(named).status_code == 404
            assert browser.post(named, {"employee": bob.pk}).status_code == 404
    assert not Appointment.objects.filter(employee=bob).exists()


def test_support_reads_and_gives_nothing_away(visit: Appointment, bob: Employee, log_in: LogIn) -> None:
    browser = log_in(Role.SUPPORT)

    assert "Give to somebody else" not in shown(browser, page_of(visit)) + shown(browser, LIST)
    assert give(browser, bob, visit).status_code == 403
    visit.refresh_from_db()
    assert visit.employee != bob


def test_both_phones_follow(visit: Appointment, ada: Employee, bob: Employee, log_in: LogIn) -> None:
    Appointment.objects.update(day=timezone.localdate(timezone=zone_of(ada, ada.tenant)))
    phones = [phone(ada), phone(bob)]
    browser = log_in(Role.DISPATCHER)
    before = ["Boiler" in one.get("/myday/").content.decode() for one in phones]

    give(browser, bob, visit)

    assert before == [True, False]
    assert ["Boiler" in one.get("/myday/").content.decode() for one in phones] == [False, True]


def test_the_page_costs_the_same_for_few_and_many_people(
    tenant: Tenant, visit: Appointment, log_in: LogIn
) -> None:
    browser = log_in(Role.DISPATCHER)
    asked = []
    for number in (2, 10):
        for _ in range(number):
            appointment(target(tenant), employee(tenant), NINE)
        with CaptureQueriesContext(connection) as captured:
            shown(browser, giving(visit))
        asked.append(len(captured))

    assert asked[0] == asked[1]
