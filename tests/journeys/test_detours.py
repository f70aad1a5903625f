"""What doesn't go straight: a report that comes back, and work that cannot be done."""

import pytest

from targets.models import Target
from targets.visits.models import Appointment, BillingEvent, VisitReport
from tests.journeys.company import PASSWORD, Company
from tests.journeys.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TITLE = "Maintenance visit"
REASON = "Which filter was it? Please say so."


def test_a_report_comes_back_is_mended_and_the_outside_hears_of_every_round(
    company: Company, manager: Person, employee: Person
) -> None:
    company.subscribe("visit_report.*", "billing.*")
    company.send_target()
    manager.log_in("/admin/", company.manager_email, PASSWORD)
    manager.plan_and_publish(TITLE, day=company.today)
    employee.log_in("/myday/", company.employee_email, PASSWORD)
    employee.work_and_report(TITLE)

    manager.give_back(TITLE, REASON)
    assert company.told("visit_report.rejected")["visitReport"]["status"] == "Rejected"
    assert not BillingEvent.objects.filter(tenant=company.tenant).exists()
    employee.mend_report(TITLE, because=REASON, summary="Filter F7 replaced.")
    manager.approve(TITLE)

    told = company.told("billing.event_ready")
    assert told["visitReport"]["status"] == "Approved"
    assert company.types().count("visit_report.submitted") == 2
    assert REASON.encode() not in b"".join(one.body for one in company.receiver.requests)
    report = VisitReport.objects.get(tenant=company.tenant)
    assert (report.summary, report.attachments.count()) == ("Filter F7 replaced.", 2)
    story = manager.story_of("JOB-2026-000918")
    assert REASON in story
    assert story.count("Handed in") + story.count("Visit report submitted") == 2


def test_work_that_cannot_be_done_is_planned_anew_when_the_outside_changes_it(
    company: Company, manager: Person, employee: Person
) -> None:
    company.subscribe("target.*", "appointment.*", "visit_report.problem_reported")
    company.send_target()
    manager.log_in("/admin/", company.manager_email, PASSWORD)
    manager.plan_and_publish(TITLE, day=company.today)
    employee.log_in("/myday/", company.employee_email, PASSWORD)

    employee.cannot_do(TITLE, "No access", "The gate is locked.")
    assert company.told("appointment.problem_reported")["target"]["status"] == "Problem"
    manager.page.goto(f"{manager.url}/admin/board/")
    assert "In trouble: no access" in manager.page.locator(".desk-stop").inner_text()

    again = f"{TITLE}, the gate is open"
    company.send_target(title=again, planning={"priority": "Urgent", "estimatedWorkMinutes": 30})
    target = Target.objects.get(tenant=company.tenant)
    assert target.status == "Open"
    manager.plan_and_publish(again, day=company.today)

    visits = Appointment.objects.filter(target=target).order_by("id")
    assert list(visits.values_list("status", flat=True)) == ["ProblemReported", "Scheduled"]
    assert company.told("target.scheduled")["target"]["status"] == "Scheduled"
    employee.work_and_report(again)
    target.refresh_from_db()
    assert target.status == "Completed"
