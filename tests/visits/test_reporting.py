"""Drafts and reports: saved, handed in, given back, never overwritten by another phone."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from integrations.models import IntegrationClient
from ordinavo.kernel.errors import ValidationFailed
from ordinavo.tenants.models import Tenant
from targets.visits.models import Appointment, VisitReport
from targets.visits.services.approving import reject_report
from targets.visits.services.reporting import ReportValues, values_of
from targets.visits.states import MoveRefused
from tests.visits import field
from tests.visits.field import DONE
from tests.webhooks import rows
from tests.webhooks.telling import USUAL, strings, told, types

pytestmark = pytest.mark.django_db

FULL = ReportValues(
    result="PartlySuccessful",
    summary="Cooled down.",
    problems="The filter was missing.",
    used_minutes=35,
    follow_up_required=True,
    follow_up_date=date(2026, 8, 1),
    follow_up_note="Bring a filter.",
    is_billable=False,
)


@pytest.fixture
def visit(tenant: Tenant) -> Appointment:
    """A visit that was started."""
    [one] = field.day_of(tenant)
    return field.start(one)


def stored() -> VisitReport:
    return VisitReport.objects.get()


def test_a_draft_is_kept_and_read_back_as_it_was_written(erp: IntegrationClient, visit: Appointment) -> None:
    rows.subscription(erp, "visit_report.*")
    first = field.draft(visit, values=ReportValues())
    assert (first.status, first.version, values_of(stored())) == ("Draft", 1, ReportValues())
    second = field.draft(visit, version=1, values=FULL)
    assert (second.version, second.billing_status, values_of(stored())) == (2, "NotBillable", FULL)
    third = field.draft(visit, version=2, values=replace(FULL, is_billable=True, follow_up_required=False))
    assert (third.version, third.billing_status) == (3, "NotReady")
    assert (third.follow_up_date, third.follow_up_note) == (None, "")
    assert types() == ["visit_report.created"]
    [payload] = told()
    assert (payload["visitReport"]["status"], payload["visitReport"]["result"]) == ("Draft", None)


def test_a_report_that_is_handed_in_completes_a_visit_under_way(
    erp: IntegrationClient, visit: Appointment
) -> None:
    rows.subscription(erp, "target.*", "appointment.*", "visit_report.*")
    at = timezone.now() - timedelta(minutes=7)
    # The phone was quicker than the start, by its clock.
    report = field.submit(visit, at=at, values=FULL)
    now = Appointment.objects.get()
    assert (now.status, now.started_at, now.ended_at) == ("Completed", visit.started_at, visit.started_at)
    assert (report.status, report.submitted_at, report.version) == ("Submitted", at, 1)
    assert report.submission_heard_at is not None
    assert report.submission_heard_at > at
    assert types() == [
        "visit_report.created",
        "appointment.completed",
        "target.completed",
        "visit_report.submitted",
        "visit_report.problem_reported",
        "visit_report.follow_up_required",
    ]


def test_the_block_of_a_report_says_what_may_be_said(erp: IntegrationClient, visit: Appointment) -> None:
    rows.subscription(erp, "visit_report.*")
    field.submit(visit, values=replace(DONE, summary="s" * 300))
    VisitReport.objects.update(internal_notes="The customer is rude.")
    [payload] = told("visit_report.submitted")
    assert payload["visitReport"] == {
        "id": stored().pk,
        "title": visit.target.title,
        "status": "Submitted",
        "result": "Successful",
        "followUpRequired": False,
        "isBillable": True,
        "billingStatus": "NotReady",
        "attachmentCount": 0,
        "summaryPreview": "s" * 280,
    }
    [plain] = told("visit_report.submitted", USUAL)
    assert "summaryPreview" not in plain["visitReport"]
    assert not any("s" * 20 in text for text in strings(plain))


def test_of_two_phones_the_second_is_told_that_the_first_has_written(visit: Appointment) -> None:
    field.draft(visit, values=ReportValues(summary="First phone"))
    for act in (field.draft, field.submit):
        for version in (None, 0, 2):
            with pytest.raises(MoveRefused, match="on another phone meanwhile") as refused:
                act(visit, version=version)
            assert refused.value.code == "report_changed"
    assert (stored().summary, stored().version, stored().status) == ("First phone", 1, "Draft")
    assert Appointment.objects.get().status == "Started"


def test_what_was_handed_in_is_closed(visit: Appointment) -> None:
    field.submit(visit)
    for act in (field.draft, field.submit):
        with pytest.raises(MoveRefused, match="handed in already"):
            act(visit, version=1)
    assert stored().version == 1


def test_a_report_that_came_back_is_written_and_handed_in_again(
    tenant: Tenant, erp: IntegrationClient, visit: Appointment
) -> None:
    report = field.submit(visit)
    reject_report(tenant=tenant, report_id=report.pk, actor=None, reason="Which filter?")
    rows.subscription(erp, "visit_report.*", "appointment.*")
    version = stored().version
    draft = field.draft(visit, version=version, values=replace(DONE, summary="The big one."))
    assert (draft.status, draft.rejection_reason) == ("Rejected", "Which filter?")
    again = field.submit(visit, version=draft.version, values=replace(DONE, summary="The big one."))
    assert (again.status, again.summary, again.decided_at) == ("Submitted", "The big one.", None)
    assert types() == ["visit_report.submitted"]


def test_a_report_that_came_back_keeps_a_result(tenant: Tenant, visit: Appointment) -> None:
    report = field.submit(visit)
    reject_report(tenant=tenant, report_id=report.pk, actor=None, reason="Which filter?")
    with pytest.raises(ValidationFailed) as refused:
        field.draft(visit, version=stored().version, values=replace(DONE, result=""))
    assert [one.path for one in refused.value.details] == ["result"]
    assert (stored().status, stored().result) == ("Rejected", "Successful")


def test_nothing_is_reported_of_a_visit_that_has_not_begun(tenant: Tenant) -> None:
    [waiting] = field.day_of(tenant)
    for act in (field.draft, field.submit):
        with pytest.raises(MoveRefused, match="Start it first"):
            act(waiting)
    assert not VisitReport.objects.exists()


@pytest.mark.parametrize(
    ("values", "paths"),
    [
        ({"result": "Great"}, ["result"]),
        ({"used_minutes": 0}, ["used_minutes"]),
        ({"used_minutes": -5}, ["used_minutes"]),
        ({"used_minutes": 1441}, ["used_minutes"]),
        ({"summary": "x" * 10_001}, ["summary"]),
        ({"summary": "\0", "problems": "\udfff"}, ["summary", "problems"]),
        ({"follow_up_date": date(1, 1, 1)}, ["follow_up_date"]),
        ({"follow_up_date": date(9999, 12, 31)}, ["follow_up_date"]),
    ],
)
def test_what_cannot_be_stored_is_refused_by_field(
    visit: Appointment, values: dict[str, Any], paths: list[str]
) -> None:
    for act in (field.draft, field.submit):
        with pytest.raises(ValidationFailed) as refused:
            act(visit, values=replace(DONE, **values))
        assert [one.path for one in refused.value.details] == paths
    assert not VisitReport.objects.exists()


def test_a_report_needs_a_result_and_a_draft_does_not(visit: Appointment) -> None:
    with pytest.raises(ValidationFailed) as refused:
        field.submit(visit, values=replace(DONE, result=""))
    assert [(one.path, one.code) for one in refused.value.details] == [("result", "required")]
    field.draft(visit, values=ReportValues())
