"""The product's story from end to end: an outside system asks for a visit, and hears what became of it."""

import json
from pathlib import Path
from typing import Any

import pytest

from customers.models import Contact, Customer, Location
from targets.models import Target
from targets.visits.models import Appointment, BillingEvent, VisitReport
from tests.journeys.company import PASSWORD, Company, shown_members
from tests.journeys.people import Person
from tests.survival.stage import wait

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TITLE = "Maintenance visit"
EXAMPLES = Path(__file__).parents[1] / "examples"


def example(name: str) -> Any:
    return json.loads((EXAMPLES / f"webhook-{name}.json").read_text())


def test_an_import_becomes_a_visit_and_comes_back_as_a_report_and_a_bill(
    company: Company, manager: Person, employee: Person
) -> None:
    company.subscribe("target.*", "route.*", "appointment.*", "visit_report.*", "billing.*")

    # An outside system sends a target with its customer, who becomes known, and polls its job.
    sent = company.send_target()
    mapped = sent["items"][0]["customerMapping"]
    assert (sent["items"][0]["result"], mapped["status"]) == ("Created", "Created")
    job = company.get(f"/import-jobs/{sent['importJobId']}").body
    assert (job["status"], job["createdItems"], job["progressPercent"]) == ("Completed", 1, 100)
    target = Target.objects.get(pk=sent["items"][0]["targetId"])
    assert company.told("target.imported")["target"]["id"] == target.pk

    # A manager plans and publishes, the employee works and reports, the manager approves.
    manager.log_in("/admin/", company.manager_email, PASSWORD)
    manager.plan_and_publish(TITLE, day=company.today)
    visit = Appointment.objects.get(target=target)
    assert company.told("appointment.scheduled")["appointment"]["id"] == visit.pk
    employee.log_in("/myday/", company.employee_email, PASSWORD)
    employee.work_and_report(TITLE)
    assert company.told("visit_report.submitted")["visitReport"]["attachmentCount"] == 2
    manager.approve(TITLE)

    # The outside system hears of it with its own ids, signed.
    report = VisitReport.objects.get(appointment=visit)
    bill = BillingEvent.objects.get(report=report)
    assert_like_the_example("visit-report-approved", company, target, report, bill)
    assert_like_the_example("billing-event-created", company, target, report, bill)

    # What is billed is told, and once it is heard the billing event is sent.
    assert company.told("billing.event_ready")["billingEvent"]["id"] == bill.pk
    wait(
        lambda: BillingEvent.objects.get(pk=bill.pk).status == "Sent", "the billing event is sent", seconds=20
    )
    assert company.told("billing.event_sent")["billingEvent"]["status"] == "Sent"
    assert company.get(f"/targets/{target.pk}").body["status"] == "Completed"
    assert_nothing_internal_went_out(company)
    assert_the_story_is_told(manager)


def assert_like_the_example(
    name: str, company: Company, target: Target, report: VisitReport, bill: BillingEvent
) -> None:
    """What came shows every member of the public example, with the values of this run."""
    wanted = example(name)
    told = company.told(wanted["eventType"])
    customer, location, contact = (
        model.objects.get(tenant=company.tenant) for model in (Customer, Location, Contact)
    )
    own = {
        "eventId": told["eventId"],
        "occurredAt": told["occurredAt"],
        "tenantId": company.tenant.slug,
        "customer.ordinavoCustomerId": customer.pk,
        "location.ordinavoLocationId": location.pk,
        "contact.ordinavoContactId": contact.pk,
        "visitReport.id": report.pk,
        "target.id": target.pk,
        "billingEvent.id": bill.pk,
        "billingEvent.visitReportId": report.pk,
        "billingEvent.targetId": target.pk,
        "billingEvent.appointmentId": report.appointment_id,
        "billingEvent.createdAtUtc": told.get("billingEvent", {}).get("createdAtUtc"),
    }
    as_shown = shown_members(wanted, wanted)
    assert shown_members(wanted, told) == {path: own.get(path, value) for path, value in as_shown.items()}
    assert told["eventId"].startswith("evt_")
    assert told["occurredAt"].endswith("Z")


def assert_nothing_internal_went_out(company: Company) -> None:
    """No byte that left the house names its people."""
    for request in company.receiver.requests:
        for secret in (b"Emil Ehlers", b"journey.example", company.secret.encode()):
            assert secret not in request.body


def assert_the_story_is_told(manager: Person) -> None:
    """One page has all of it, found by the outside system's own id."""
    story = manager.story_of("JOB-2026-000918")
    for part in (
        "Created. Sent by",
        "Published as stop 1 of Emil Ehlers",
        "Begun by Emil Ehlers",
        "Completed by Emil Ehlers",
        "Handed in: Successful, 50 minutes",
        "Approved by",
        "Ready to bill",
        "Sent",
        "visit_report.approved",
        "billing.event_sent",
    ):
        assert part in story
