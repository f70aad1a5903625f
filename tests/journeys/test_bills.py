"""What becomes of bills that cannot go straight, and of work that somebody has to come again for."""

import pytest

from integrations.models import IntegrationClient
from ordinavo.tenants.models import ManagerNotice
from targets.imports.models import MappingReview
from targets.models import Target
from targets.visits.models import Appointment, BillingEvent, VisitReport
from tests.admin.outcomes import bill_verb
from tests.admin.world import answer_path
from tests.journeys.company import Company
from tests.journeys.hands import Hands
from tests.survival.stage import wait
from webhooks.models import Delivery

pytestmark = pytest.mark.slow

READY = "billing.event_ready"
NUMBER = "JOB-2026-000918"
ESSEN = {"city": "Essen", "country": "DE", "latitude": 51.451, "longitude": 7.012}


@pytest.fixture
def hands(company: Company) -> Hands:
    return Hands(company)


def bill_of(report: VisitReport) -> BillingEvent:
    return BillingEvent.objects.get(report=report)


def wait_for(report: VisitReport, status: str) -> None:
    wait(lambda: bill_of(report).status == status, f"the billing event is {status}", seconds=20)


def test_a_customer_who_is_mapped_late_makes_the_bill_ready(company: Company, hands: Hands) -> None:
    IntegrationClient.objects.filter(tenant=company.tenant).update(mapping_strategy="ManualOnly")
    company.subscribe("visit_report.approved", "billing.*", "customer_mapping.resolved")
    sent = company.send_target(location=None, contact=None, address=ESSEN)["items"][0]
    assert sent["customerMapping"]["status"] == "NeedsReview"
    report = hands.approve(hands.visit(sent["targetId"]))

    assert company.told("billing.event_created")["billingEvent"]["status"] == "Pending"
    assert "customer" not in company.told("visit_report.approved")
    assert (bill_of(report).status, report.billing_status) == ("Pending", "Pending")
    assert READY not in company.types()
    review = MappingReview.objects.get(tenant=company.tenant)
    path = answer_path(review, "create")
    hands.press(f"/admin/imports/mappingreview/{review.pk}/change/", to=path)

    ready = company.told(READY)
    assert (ready["billingEvent"]["id"], ready["billingEvent"]["status"]) == (bill_of(report).pk, "Ready")
    assert ready["customer"]["externalId"] == "CUST-10042"
    assert company.told("customer_mapping.resolved")["correlationId"]
    wait_for(report, "Sent")
    assert company.types().count(READY) == 1
    assert company.told("billing.event_sent")["visitReport"]["billingStatus"] == "Sent"


def test_a_bill_that_nobody_takes_fails_for_good_and_is_told_again(company: Company, hands: Hands) -> None:
    company.subscribe("billing.*")
    company.moods.refuses.add(READY)
    report = hands.approve(hands.visit(company.send_target()["items"][0]["targetId"]))

    wait(lambda: READY in company.types(), "it was tried")
    assert bill_of(report).status == "Ready"
    # Three days go by: of all attempts only the last one is left.
    late = Delivery.objects.filter(tenant=company.tenant, event_type=READY, status="Retrying")
    wait(lambda: late.update(attempt_count=9) == 1, "all but one attempt have failed")
    wait_for(report, "Failed")
    assert company.told("billing.event_failed")["visitReport"]["billingStatus"] == "Failed"
    assert Delivery.objects.get(tenant=company.tenant, event_type=READY).status == "Failed"
    notice = ManagerNotice.objects.get(tenant=company.tenant)
    assert f"{NUMBER} Maintenance visit" in hands.manager.browser.get(notice.link).text

    company.moods.refuses.clear()
    path = bill_verb(bill_of(report), "tell")
    assert "1 delivery is on the way once more." in hands.press(path, to=path).text
    wait_for(report, "Sent")
    assert company.told("billing.event_sent")["billingEvent"]["id"] == bill_of(report).pk
    tried = [one for one in company.receiver.requests if one.header("X-Ordinavo-Event-Type") == READY]
    assert len({one.header("X-Ordinavo-Event-Id") for one in tried}) == 1
    assert len({one.header("X-Ordinavo-Delivery-Id") for one in tried}) == 2


def test_a_follow_up_is_asked_for_made_planned_done_and_billed(company: Company, hands: Hands) -> None:
    company.subscribe("target.follow_up_created", "visit_report.approved", "billing.*")
    first_id = company.send_target()["items"][0]["targetId"]
    wish = {
        "follow_up_required": "on",
        "follow_up_date": company.today,
        "follow_up_note": "Bring the second filter.",
    }
    first = hands.visit(first_id, **wish)
    assert not Target.objects.filter(follow_up_of=first_id).exists()
    first = hands.approve(first)

    told = company.told("target.follow_up_created")
    follow_up = Target.objects.get(follow_up_of=first_id)
    assert told["target"]["id"] == first.follow_up_target_id == follow_up.pk
    assert (told["target"]["externalId"], told["target"]["followUpOfExternalId"]) == (None, NUMBER)
    assert told["customer"]["externalId"] == "CUST-10042"
    assert "Bring the second filter." in follow_up.description
    second = hands.approve(hands.visit(follow_up.pk))

    for report in (first, second):
        wait_for(report, "Sent")
    follow_up.refresh_from_db()
    assert (follow_up.status, second.follow_up_required) == ("Completed", False)
    assert Appointment.objects.filter(tenant=company.tenant, status="Completed").count() == 2
    approved = [one for one in company.types() if one == "visit_report.approved"]
    assert (len(approved), company.types().count("target.follow_up_created")) == (2, 1)
    assert company.told("visit_report.approved")["target"]["followUpOfTargetId"] == first_id
    for target_id, other in ((first_id, follow_up.pk), (follow_up.pk, first_id)):
        story = hands.manager.browser.get(f"/admin/story/{target_id}/").text
        assert f"/{other}/" in story
