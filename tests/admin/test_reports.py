"""Reports in the admin: the list, the page beside the order, and what managers decide there."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from integrations.models import IntegrationClient
from ordinavo.tenants.models import AuditEntry, Role, Tenant
from targets.models import Target
from targets.visits.models import Attachment, BillingEvent, VisitReport
from targets.visits.services.approving import approve_report, reject_report
from tests import factories
from tests.admin.conftest import LogIn
from tests.admin.outcomes import REPORTS, listed, page, said, text_of
from tests.visits.deciding import customer, fresh, handed_in, handed_in_again, location

VERBS = ("approve", "reject", "follow-up", "note")


@pytest.fixture
def manager(log_in: LogIn) -> Client:
    return log_in(Role.MANAGER)


@pytest.fixture
def report(tenant: Tenant) -> VisitReport:
    site = location(customer(tenant), access_notes="Ring twice.")
    of = {"customer": site.customer, "location": site, "title": "Maintenance", "external_id": "JOB-77"}
    return handed_in(tenant, of={**of, "custom_fields": {"assetId": "F-1"}}, summary="All <b>fine</b>.")


def send(browser: Client, report: VisitReport, verb: str, **given: Any) -> Any:
    seen = {"version": fresh(report).version, "file_count": report.attachments.count()}
    return browser.post(page(report, verb), {**seen, **given}, follow=True)


# --- The list -----------------------------------------------------------------------------------------------


def test_the_list_shows_what_waits_the_oldest_first(manager: Client, tenant: Tenant) -> None:
    first, second, third = (handed_in(tenant) for _ in range(3))
    approve_report(tenant=tenant, report_id=second.pk, actor=None)
    assert listed(manager, REPORTS) == [first.pk, third.pk]
    assert listed(manager, REPORTS, status="Approved") == [second.pk]
    assert listed(manager, REPORTS, status="all") == [third.pk, second.pk, first.pk]


def test_the_list_can_be_narrowed_by_all_that_matters(
    manager: Client, tenant: Tenant, report: VisitReport
) -> None:
    other = handed_in(
        tenant,
        result="PartlySuccessful",
        problems="The door.",
        follow_up_required=True,
        is_billable=False,
    )
    VisitReport.objects.filter(pk=other.pk).update(problem="more_work")
    theirs = str(report.appointment.target.customer_id)
    for query, found in (
        ({"result": "PartlySuccessful"}, other),
        ({"problem": "any"}, other),
        ({"problem": "more_work"}, other),
        ({"problem": "none"}, report),
        ({"follow_up": "yes"}, other),
        ({"follow_up": "no"}, report),
        ({"billable": "no"}, other),
        ({"employee__id__exact": str(other.employee_id)}, other),
        ({"customer": theirs}, report),
        ({"q": "JOB-77"}, report),
        ({"q": "Rhein-Ruhr"}, report),
        ({"q": "maintenan"}, report),
    ):
        assert listed(manager, REPORTS, **query) == [found.pk], query
    day = other.appointment.day
    assert listed(manager, REPORTS, appointment__day__gte=day, appointment__day__lt=day) == []
    assert listed(manager, REPORTS, q="nobody") == []


def test_the_filter_by_customer_offers_only_own_ones(
    manager: Client, report: VisitReport, tenant: Tenant
) -> None:
    theirs = customer(factories.tenant(), "Their customer")
    text = text_of(manager, REPORTS, customer=theirs.pk)
    assert "Their customer" not in text
    assert f"customer={report.appointment.target.customer_id}" in text


# --- The page -----------------------------------------------------------------------------------------------


def test_the_page_says_what_was_asked_for_and_what_was_done(
    manager: Client, tenant: Tenant, report: VisitReport
) -> None:
    VisitReport.objects.update(internal_notes="Call them.")
    later = handed_in(
        tenant,
        of={"location": report.appointment.target.location, "customer": report.appointment.target.customer},
    )
    text = text_of(manager, page(report))
    for word in ("JOB-77", "Ring twice.", "assetId", "F-1", "planned 30", "All &lt;b&gt;fine&lt;/b&gt;."):
        assert word in text, word
    assert "Call them." in text
    assert "Successful, as long as planned" in text
    for verb in VERBS:
        assert page(report, verb) in text
    assert f'href="/admin/story/{report.appointment.target_id}/"' in text
    assert page(report) in text_of(manager, page(later)), "Earlier visits"


def test_support_reads_reports_but_decides_nothing(log_in: LogIn, report: VisitReport) -> None:
    support = log_in(Role.SUPPORT)
    text = text_of(support, page(report))
    for verb in VERBS:
        assert page(report, verb) not in text
        assert support.get(page(report, verb)).status_code == 403
        assert support.post(page(report, verb), {"version": 1}).status_code == 403
    assert support.get(f"{REPORTS}clean/").status_code == 403
    assert fresh(report).status == "Submitted"


def test_nothing_is_decided_about_reports_of_others(manager: Client) -> None:
    theirs = handed_in(factories.tenant())
    for verb in VERBS:
        assert manager.get(page(theirs, verb)).status_code == 404
        assert manager.post(page(theirs, verb), {"version": theirs.version}).status_code == 404
    manager.post(f"{REPORTS}clean/", {"report": f"{theirs.pk}:{theirs.version}"})
    assert fresh(theirs).status == "Submitted"


def test_a_page_of_a_report_costs_the_same_with_much_history(
    manager: Client, tenant: Tenant, django_assert_max_num_queries: Any
) -> None:
    of = {"customer": customer(tenant)}
    reports = [handed_in(tenant, of=of) for _ in range(7)]
    manager.get(page(reports[-1]))
    with django_assert_max_num_queries(13):
        manager.get(page(reports[-1]))


# --- Deciding -----------------------------------------------------------------------------------------------


def test_approving_tells_what_will_follow_and_leads_to_the_next_report(
    manager: Client, tenant: Tenant, report: VisitReport
) -> None:
    following = handed_in(tenant)
    question = text_of(manager, page(report, "approve"))
    assert "The outside system is told. A billing event is made, for 40 minutes." in question
    answer = send(manager, report, "approve", internal_notes="Paid by card.")
    assert said(answer) == ["JOB-77 Maintenance is approved. Its billing event is ready."]
    assert answer.request["PATH_INFO"] == page(following)
    approved = fresh(report)
    assert (approved.status, approved.internal_notes) == ("Approved", "Paid by card.")
    assert AuditEntry.objects.get(action="visit_report.approved").actor == approved.decided_by
    assert page(report, "approve") not in text_of(manager, page(report))


def test_after_the_last_report_comes_the_list(manager: Client, report: VisitReport) -> None:
    answer = send(manager, report, "approve")
    assert answer.request["PATH_INFO"] == REPORTS
    assert said(answer)[-1] == "No other report waits for you."
    assert "Nothing to approve" in answer.content.decode()


def test_next_goes_round_and_decides_nothing(manager: Client, tenant: Tenant) -> None:
    first, second = handed_in(tenant), handed_in(tenant)
    for here, there in ((first, second), (second, first)):
        assert manager.get(page(here, "next")).headers["Location"] == page(there)
    assert {fresh(first).status, fresh(second).status} == {"Submitted"}


def test_giving_back_needs_a_reason_and_keeps_what_was_typed_when_somebody_was_faster(
    manager: Client, tenant: Tenant, report: VisitReport
) -> None:
    nothing = send(manager, report, "reject", reason="  ")
    assert "This field is required." in nothing.content.decode()
    seen = report.version
    reject_report(tenant=tenant, report_id=report.pk, actor=None, reason="Which one?")
    handed_in_again(fresh(report))
    late = manager.post(page(report, "reject"), {"version": seen, "reason": "Typed with care"})
    assert "It was changed meanwhile. Look at the report again." in late.content.decode()
    assert "Typed with care" in late.content.decode()
    done = send(manager, report, "reject", reason="Typed with care")
    assert said(done)[0] == f"JOB-77 Maintenance went back to {report.employee}."
    assert fresh(report).rejection_reason == "Typed with care"


def test_what_counts_is_what_stood_on_the_page_from_which_the_manager_came(
    manager: Client, tenant: Tenant, report: VisitReport
) -> None:
    shown = text_of(manager, page(report))
    link = f"{page(report, 'approve')}?version={report.version}&amp;file_count=0"
    assert link in shown
    reject_report(tenant=tenant, report_id=report.pk, actor=None, reason="Which one?")
    handed_in_again(fresh(report))
    form = manager.get(link.replace("&amp;", "&")).context["form"]
    given = {name: form[name].value() for name in ("version", "file_count")}
    assert given == {"version": report.version, "file_count": 0}
    late = manager.post(page(report, "approve"), given)
    assert "It was changed meanwhile. Look at the report again." in late.content.decode()
    assert fresh(report).status == "Submitted"


def test_a_photo_that_arrives_late_is_looked_at_before_the_approval(
    manager: Client, report: VisitReport
) -> None:
    Attachment.objects.create(report=report, key="1", kind="image/jpeg", name="a", file="a", size=1)
    late = send(manager, report, "approve", file_count=0)
    assert "Photos or files came meanwhile. Look at the report again." in late.content.decode()
    assert fresh(report).status == "Submitted"
    send(manager, report, "approve")
    assert fresh(report).status == "Approved"


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
def test_odd_versions_in_a_link_count_as_none(manager: Client, report: VisitReport, version: str) -> None:
    form = manager.get(page(report, "approve"), {"version": version}).context["form"]
    assert form["version"].value() == report.version


def test_a_follow_up_is_asked_for_with_a_day_of_this_century(manager: Client, report: VisitReport) -> None:
    for day in ("1999-12-31", "2100-01-01", "soon"):
        assert send(manager, report, "follow-up", day=day).status_code == 200
    assert fresh(report).follow_up_required is False
    answer = send(manager, report, "follow-up", day="2026-07-15", note="Bring seals.")
    assert said(answer) == ["A follow-up is asked for."]
    assert "A follow-up target for 2026-07-15 is made." in text_of(manager, page(report, "approve"))
    done = send(manager, report, "approve")
    assert "Follow-up: Maintenance was made." in said(done)[0]
    made = Target.objects.get(external_id=None)
    assert (made.due_date, made.description) == (date(2026, 7, 15), "Bring seals.")
    assert f"/admin/targets/target/{made.pk}/change/" in text_of(manager, page(report))
    target = text_of(manager, f"/admin/targets/target/{made.pk}/change/")
    assert f"/admin/targets/target/{report.appointment.target_id}/change/" in target


def test_notes_are_saved_unless_somebody_else_was_faster(manager: Client, report: VisitReport) -> None:
    send(manager, report, "note", seen="", notes="One")
    late = send(manager, report, "note", seen="", notes="Two")
    assert "Somebody else changed the notes meanwhile." in late.content.decode()
    assert fresh(report).internal_notes == "One"


def test_the_page_of_a_twin_says_that_nothing_is_billed(operator: Client, tenant: Tenant) -> None:
    twin = factories.twin(tenant)
    operator.post("/admin/tenants/tenant/switch/", {"tenant": twin.pk})
    report = handed_in(twin)
    assert "This is a test tenant: nothing is billed." in text_of(operator, page(report, "approve"))
    send(operator, report, "approve")
    assert "Nothing is billed in a test tenant." in text_of(operator, page(report))
    assert not BillingEvent.objects.exists()


# --- Many at once -------------------------------------------------------------------------------------------


def test_clean_reports_are_approved_together_after_a_preview(
    manager: Client, tenant: Tenant, erp: IntegrationClient
) -> None:
    clean = [handed_in(tenant) for _ in range(2)]
    long, partly = handed_in(tenant, used_minutes=41), handed_in(tenant, result="PartlySuccessful")
    chosen = [*clean, long, partly]
    form = {"action": "approve_clean", "_selected_action": [one.pk for one in chosen]}
    preview = manager.post(REPORTS, form, follow=True)
    text = preview.content.decode()
    assert "2 clean reports" in text
    assert "It took 41 minutes, 30 were planned." in text
    assert "Partly successful." in text
    seen = [f"{one.pk}:{one.version}" for one in clean]
    assert all(one in text for one in seen)
    answer = manager.post(f"{REPORTS}clean/", {"report": seen}, follow=True)
    assert said(answer) == ["2 reports approved."]
    assert [fresh(one).status for one in chosen] == ["Approved", "Approved", "Submitted", "Submitted"]
    assert AuditEntry.objects.filter(action="visit_report.approved").count() == 2


def test_of_those_chosen_what_changed_meanwhile_is_left_and_named(manager: Client, tenant: Tenant) -> None:
    edited, dirty, good = (handed_in(tenant, of={"title": word}) for word in ("Edited", "Dirty", "Good"))
    seen = [f"{one.pk}:{one.version}" for one in (edited, dirty, good)]
    reject_report(tenant=tenant, report_id=edited.pk, actor=None, reason="?")
    handed_in_again(fresh(edited))
    VisitReport.objects.filter(pk=dirty.pk).update(problem="other")
    answer = manager.post(f"{REPORTS}clean/", {"report": seen}, follow=True)
    approved, left = said(answer)
    assert approved == "1 report approved."
    assert "Edited: It was changed meanwhile." in left
    assert "Dirty: Problem: Something else." in left
    assert [fresh(one).status for one in (edited, dirty, good)] == ["Submitted", "Submitted", "Approved"]


@pytest.mark.parametrize("value", ["", "x", "1", "1:2:3", "9" * 30 + ":1", "-1:1"])
def test_odd_choices_approve_nothing(manager: Client, report: VisitReport, value: str) -> None:
    answer = manager.post(f"{REPORTS}clean/", {"report": value}, follow=True)
    assert said(answer) == ["There was nothing to approve."] or said(answer) == []
    assert manager.get(f"{REPORTS}clean/", {"reports": value}).status_code == 200
    assert fresh(report).status == "Submitted"
