"""Appointments in the admin: what is seen at a glance."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from ordinavo.tenants.models import Role, Tenant
from targets.visits.models import Appointment, Employee, VisitReport
from tests.admin.conftest import LogIn
from tests.admin.test_employees import shown
from tests.routes.rows import target
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


def titles(browser: Client, query: str) -> set[str]:
    page = browser.get(LIST + query).context["cl"]
    return {row.target.title for row in page.result_list}


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


def test_the_list_links_to_reports(visit: Appointment, ada: Employee, log_in: LogIn) -> None:
    report = VisitReport.objects.create(
        tenant=visit.tenant, appointment=visit, employee=ada, status="Submitted", result="Successful"
    )
    browser = log_in(Role.SUPPORT)

    assert ">Submitted<" in shown(browser, LIST)
    assert f"/admin/visits/visitreport/{report.pk}/change/" in shown(browser, page_of(visit))
