"""A report that asks for another visit becomes a target of its own when it is approved."""

from datetime import date
from typing import Any

import pytest

from customers.models import TimelineEntry
from integrations.models import IntegrationClient
from ordinavo.kernel.errors import Conflict
from ordinavo.tenants.models import Tenant
from targets.models import Target
from targets.visits.models import VisitReport
from targets.visits.services.approving import ask_follow_up, reject_report
from targets.visits.services.billing import make_complete_ready
from targets.visits.services.follow_ups import follow_mappings
from targets.visits.services.reporting import ReportValues
from tests.api import Api
from tests.imports.sending import imported, send
from tests.visits.deciding import approved, customer, fresh, handed_in, location
from tests.visits.field import scheduled, start, submit
from tests.visits.rows import employee
from tests.webhooks import rows as hooks
from tests.webhooks.telling import told, types

pytestmark = pytest.mark.django_db

DAY = date(2026, 7, 15)
NEEDED: dict[str, Any] = {
    "follow_up_required": True,
    "follow_up_date": DAY,
    "follow_up_note": "Bring a new compressor.",
}


def ask(report: VisitReport, **given: Any) -> VisitReport:
    return ask_follow_up(tenant=report.tenant, report_id=report.pk, **{"actor": None, **given})


def test_approval_makes_the_follow_up_links_both_and_tells_it(
    api: Api, erp: IntegrationClient, tenant: Tenant
) -> None:
    hooks.subscription(erp, "visit_report.approved", "target.follow_up_created")
    site = location(customer(tenant))
    of = {
        "customer": site.customer,
        "location": site,
        "title": "Maintenance visit",
        "description": "Change the filter.",
        "due_date": date(2026, 7, 1),
        "route_date": date(2026, 7, 1),
        "fixed_time": True,
        "priority": "High",
        "custom_fields": {"assetId": "FRIDGE-221"},
        "expected_revenue": 120,
        "customer_tier": "Gold",
    }
    report = approved(handed_in(tenant, of=of, **NEEDED))
    followed = report.appointment.target
    made = Target.objects.get(follow_up_of=followed)
    assert report.follow_up_target == made
    assert (made.external_id, made.source_system, made.status) == (None, followed.source_system, "Open")
    assert (made.title, made.description) == (
        "Follow-up: Maintenance visit",
        "Bring a new compressor.\n\nChange the filter.",
    )
    assert (made.due_date, made.route_date, made.due_at) == (DAY, DAY, None)
    assert (made.time_window_start, made.time_window_end, made.fixed_time) == (None, None, False)
    assert (made.customer, made.location, made.latitude) == (site.customer, site, followed.latitude)
    assert (made.priority, made.estimated_work_minutes) == ("High", 30)
    assert (made.custom_fields, made.customer_tier) == ({"assetId": "FRIDGE-221"}, "Gold")
    assert (made.expected_revenue, made.appointment_id, made.last_import_job_id) == (None, None, None)
    assert types() == ["visit_report.approved", "target.follow_up_created"]
    [payload] = told("target.follow_up_created")
    assert payload["target"]["id"] == made.pk
    assert payload["target"]["followUpOfTargetId"] == followed.pk
    assert payload["target"]["followUpOfExternalId"] == followed.external_id
    assert payload["customer"]["ordinavoCustomerId"] == site.customer.pk
    assert payload["location"]["name"] == "Essen Center"
    seen = api.get(f"/targets/{made.pk}").json()
    assert (seen["externalId"], seen["followUpOfExternalId"]) == (None, followed.external_id)
    actions = dict(TimelineEntry.objects.values_list("action", "subject_id"))
    assert (actions["target.follow_up_created"], actions["target.created"]) == (followed.pk, made.pk)


def test_without_a_wish_nothing_is_made(tenant: Tenant) -> None:
    report = approved(handed_in(tenant))
    assert (report.follow_up_target, Target.objects.count()) == (None, 1)


def test_without_a_date_the_follow_up_waits_for_a_day(tenant: Tenant) -> None:
    report = approved(handed_in(tenant, follow_up_required=True))
    assert report.follow_up_target is not None
    assert (report.follow_up_target.due_date, report.follow_up_target.route_date) == (None, None)


def test_a_manager_asks_for_a_follow_up_before_the_approval(erp: IntegrationClient, tenant: Tenant) -> None:
    hooks.subscription(erp, "visit_report.*", "target.follow_up_created")
    report = handed_in(tenant)
    asked = ask(report, day=DAY, note="Look at it again.", version=report.version)
    assert (asked.status, asked.version, Target.objects.count()) == ("Submitted", report.version + 1, 1)
    done = approved(asked, version=asked.version)
    assert done.follow_up_target is not None
    assert done.follow_up_target.description.startswith("Look at it again.")
    assert types()[-3:] == [
        "visit_report.follow_up_required",
        "visit_report.approved",
        "target.follow_up_created",
    ]
    assert told("visit_report.follow_up_required")[0]["visitReport"]["followUpRequired"] is True


def test_a_manager_asks_for_a_follow_up_after_the_approval_and_gets_it_at_once(tenant: Tenant) -> None:
    report = approved(handed_in(tenant))
    asked = ask(report, day=DAY)
    assert asked.follow_up_target is not None
    assert asked.follow_up_target.due_date == DAY
    with pytest.raises(Conflict):
        ask(report)
    assert Target.objects.count() == 2


def test_nobody_asks_about_a_report_that_the_employee_has(tenant: Tenant) -> None:
    report = handed_in(tenant)
    reject_report(tenant=tenant, report_id=report.pk, actor=None, reason="Why?")
    with pytest.raises(Conflict):
        ask(report)
    assert fresh(report).follow_up_required is False


def test_a_follow_up_goes_through_to_its_own_visit_and_its_own_follow_up(
    erp: IntegrationClient, tenant: Tenant
) -> None:
    hooks.subscription(erp, "appointment.completed", "target.*", "visit_report.approved")
    first = approved(handed_in(tenant, of={"title": "Maintenance visit"}, **NEEDED))
    follow_up = first.follow_up_target
    assert follow_up is not None
    [visit] = scheduled([follow_up], employee(tenant))
    start(visit)
    submit(visit, values=ReportValues(**{"result": "PartlySuccessful", "used_minutes": 20, **NEEDED}))
    second = approved(VisitReport.objects.select_related("tenant").get(appointment=visit))
    follow_up.refresh_from_db()
    assert second.follow_up_target is not None
    assert (follow_up.status, second.follow_up_target.title) == ("Completed", "Follow-up: Maintenance visit")
    last = told("visit_report.approved")[-1]
    assert (last["target"]["id"], last["target"]["externalId"]) == (follow_up.pk, None)
    assert last["target"]["followUpOfTargetId"] == first.appointment.target_id
    assert told("target.completed")[-1]["target"]["followUpOfTargetId"] == first.appointment.target_id
    assert [one["target"]["followUpOfTargetId"] for one in told("target.follow_up_created")] == [
        first.appointment.target_id,
        follow_up.pk,
    ]


def test_an_import_of_the_followed_target_leaves_the_follow_up_alone(api: Api, tenant: Tenant) -> None:
    report = approved(handed_in(tenant, of={"external_id": "JOB-1"}, **NEEDED))
    Target.objects.filter(external_id="JOB-1").update(status="Open")
    before = Target.objects.values().get(external_id=None)
    assert imported(send(api, externalId="JOB-1", title="Other"))["targetId"] == report.appointment.target_id
    assert Target.objects.values().get(external_id=None) == before


def test_a_customer_who_is_mapped_late_is_handed_on_to_the_follow_up_and_its_bill(tenant: Tenant) -> None:
    made = approved(handed_in(tenant, **NEEDED)).follow_up_target
    assert made is not None
    [visit] = scheduled([made], employee(tenant))
    start(visit)
    report = approved(VisitReport.objects.get(pk=submit(visit).pk))
    assert (report.billing_status, follow_mappings()) == ("Pending", 0)
    site = location(customer(tenant))
    mapping = {"status": "Mapped", "customerId": site.customer_id, "warnings": [], "details": {}}
    followed = Target.objects.filter(follow_ups=made)
    followed.update(customer=site.customer, location=site, mapping=mapping)
    before = Target.objects.get(pk=made.pk)
    assert (follow_mappings(), follow_mappings()) == (1, 0)
    after = Target.objects.get(pk=made.pk)
    assert (after.customer, after.location, after.mapping) == (site.customer, site, mapping)
    assert (after.revision, after.status) == (before.revision + 1, "Completed")
    assert after.updated_at > before.updated_at
    assert make_complete_ready() == 2
    assert fresh(report).billing_status == "Ready"


def test_a_follow_up_with_a_customer_keeps_it(tenant: Tenant) -> None:
    first = customer(tenant)
    made = approved(handed_in(tenant, of={"customer": first}, **NEEDED)).follow_up_target
    assert made is not None
    Target.objects.filter(follow_ups=made).update(customer=customer(tenant))
    assert follow_mappings() == 0
    assert Target.objects.get(pk=made.pk).customer == first
