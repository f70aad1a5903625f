"""Appointments in the admin: what is seen at a glance, and giving them to somebody else on the day."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ordinavo.tenants.models import Role, Tenant
from targets.models import TargetTemplate
from targets.visits.admin.reassigning import MOST_SHOWN
from targets.visits.models import Absence, Appointment, Employee, VisitReport
from targets.visits.selectors.days import zone_of
from tests import factories
from tests.admin.conftest import LogIn
from tests.admin.days import said
from tests.admin.test_employees import shown
from tests.routes.rows import target
from tests.visits.phones import phone
from tests.visits.rows import DAY, appointment, employee

LIST = "/admin/visits/appointment/"
NINE = datetime(2026, 7, 1, 9, tzinfo=UTC)


@pytest.fixture
def ada(tenant: Tenant) -> Employee:
    return employee(tenant, name="Ada Berg")


@pytest.fixture
def bob(tenant: Tenant) -> Employee:
    return employee(tenant, name="Bob Tal")


@pytest.fixture
def visit(tenant: Tenant, ada: Employee) -> Appointment:
    return appointment(target(tenant, title="Boiler"), ada, NINE)


def page_of(one: Appointment) -> str:
    return f"{LIST}{one.pk}/change/"


def giving(*visits: Appointment) -> str:
    return f"{LIST}reassign/?visits={','.join(str(one.pk) for one in visits)}"


def give(browser: Client, to: Employee, *visits: Appointment) -> Any:
    return browser.post(giving(*visits), {"employee": to.pk}, follow=True)


def titles(browser: Client, query: str) -> set[str]:
    page = browser.get(LIST + query).context["cl"]
    return {row.target.title for row in page.result_list}


# --- The list and the page -------------------------------------------------------------------------------
def test_what_is_late_or_overdue_is_said_with_the_status(
    tenant: Tenant, ada: Employee, log_in: LogIn
) -> None:
    now = timezone.now()
    for title, status, begins in (
        ("late", "Scheduled", -11),
        ("in time", "Scheduled", -9),
        ("overdue", "Started", -71),
        ("at work", "Started", -30),
        ("done", "Completed", -600),
    ):
        appointment(target(tenant, title=title), ada, now + timedelta(minutes=begins), status=status)
    browser = log_in(Role.SUPPORT)

    assert titles(browser, "?late=yes") == {"late", "overdue"}
    page = shown(browser, LIST)
    marks = [f'ord-mark-bad">{word}<' in page for word in ("Late", "Overdue")]
    assert marks == [True, True]
    assert page.count(">Scheduled</span>") == page.count(">Started</span>") == 1


def test_a_day_is_chosen_by_name_by_date_or_by_the_days_beside_it(
    tenant: Tenant, ada: Employee, log_in: LogIn
) -> None:
    today = timezone.localdate()
    for offset in (-8, -1, 0, 1, 8):
        day = today + timedelta(days=offset)
        appointment(target(tenant, title=str(offset)), ada, timezone.now(), day=day)
    browser = log_in(Role.SUPPORT)

    assert [titles(browser, f"?day={name}") for name in ("today", "tomorrow", "yesterday")] == [
        {"0"},
        {"1"},
        {"-1"},
    ]
    assert titles(browser, "?day=next7") == {"0", "1"}
    assert titles(browser, "?day=past7") == {"-1", "0"}
    assert titles(browser, f"?day={today + timedelta(days=8)}") == {"8"}
    assert titles(browser, f"?day__gte={today}") == {"0", "1", "8"}
    assert titles(browser, "?day=nonsense") == {"-8", "-1", "0", "1", "8"}
    page = shown(browser, f"{LIST}?day={today}&status__exact=Scheduled&p=1")
    assert f'href="?status__exact=Scheduled&amp;day={today + timedelta(days=1)}"' in page
    assert '<input type="hidden" name="status__exact" value="Scheduled">' in page
    for edge in ("0001-01-01", "9999-12-31"):
        assert titles(browser, f"?day={edge}") == set()


def test_a_day_is_shown_in_its_order(tenant: Tenant, ada: Employee, log_in: LogIn) -> None:
    for hour in (11, 9, 10):
        appointment(target(tenant, title=str(hour)), ada, NINE.replace(hour=hour))

    rows = log_in(Role.SUPPORT).get(f"{LIST}?day={DAY}").context["cl"].result_list

    assert [row.target.title for row in rows] == ["9", "10", "11"]


def test_a_visit_is_found_by_external_id_or_title(tenant: Tenant, ada: Employee, log_in: LogIn) -> None:
    for external_id, title in (("E-1", "Boiler in the cellar"), ("E-2", "Lift")):
        appointment(target(tenant, external_id=external_id, title=title), ada, NINE)
    target(tenant, external_id="E-3", title="Lift without a visit")
    browser = log_in(Role.SUPPORT)

    assert titles(browser, "?q=E-1") == {"Boiler in the cellar"}
    assert titles(browser, "?q=cellar") == {"Boiler in the cellar"}
    assert titles(browser, "?q=lift") == {"Lift"}
    assert titles(browser, "?q=E-3") == set()


def test_the_page_tells_what_happened_by_which_clock(visit: Appointment, log_in: LogIn) -> None:
    Appointment.objects.update(
        status="Completed",
        started_at=NINE,
        start_heard_at=NINE + timedelta(seconds=20),
        ended_at=NINE + timedelta(minutes=50),
        end_heard_at=NINE + timedelta(minutes=90),
    )

    page = shown(log_in(Role.SUPPORT), page_of(visit))

    lines = [line.replace("</td>", "") for line in page.split('<td data-label="What">')[1:]]
    assert [line.split("<")[0] for line in lines] == ["Published", "Started", "Completed"]
    assert "2026-07-01 11:00" in lines[1]
    assert "later" not in lines[1]
    assert "2026-07-01 11:50" in lines[2]
    assert "2026-07-01 12:30 (40 min later)" in lines[2]
    assert f'href="/admin/story/{visit.target_id}/"' in page


def test_the_page_says_why_a_visit_was_cancelled(visit: Appointment, log_in: LogIn) -> None:
    Appointment.objects.update(status="Cancelled", cancelled_because="target_cancelled")

    assert "Cancelled: target cancelled" in shown(log_in(Role.SUPPORT), page_of(visit))


# --- Giving visits to somebody else ----------------------------------------------------------------------
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


def test_the_list_links_to_reports(visit: Appointment, ada: Employee, log_in: LogIn) -> None:
    report = VisitReport.objects.create(
        tenant=visit.tenant, appointment=visit, employee=ada, status="Submitted", result="Successful"
    )
    browser = log_in(Role.SUPPORT)

    assert ">Submitted<" in shown(browser, LIST)
    assert f"/admin/visits/visitreport/{report.pk}/change/" in shown(browser, page_of(visit))
