"""How deliveries of `billing.event_ready` end decides whether a billing event is sent or failed."""

from datetime import timedelta
from itertools import count
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.module_loading import import_string

from integrations.models import IntegrationClient
from ordinavo.kernel.errors import Conflict, NotFound
from ordinavo.schedule import BEAT
from ordinavo.tenants.models import AuditEntry, ManagerNotice, Tenant
from targets.models import Target
from targets.visits.models import VisitReport
from targets.visits.services.settling import (
    fate_of,
    follow_settled,
    mark_sent,
    settle_overlooked,
    tell_again,
)
from tests import factories
from tests.visits.deciding import approved, bill_of, customer, fresh, handed_in, listener, ready_deliveries
from tests.webhooks import rows as hooks
from tests.webhooks.delivery.landing import recorded
from tests.webhooks.telling import told, types
from webhooks.delivery import settled
from webhooks.models import Delivery, Event, Subscription

pytestmark = pytest.mark.django_db

_hours = count(1)


@pytest.fixture
def hook(erp: IntegrationClient) -> Subscription:
    return listener(erp, "billing.*")


@pytest.fixture
def report(hook: Subscription, tenant: Tenant) -> VisitReport:
    """Approved and ready; what tells so is due."""
    return approved(handed_in(tenant, of={"customer": customer(tenant)}))


def attempt(hook: Subscription, status: int | None, *, last: bool = False) -> None:
    """The receiver answers so to all that is due; the engine writes it down and calls its followers."""
    if last:
        Delivery.objects.filter(due_at__isnull=False).update(attempt_count=9, status="Retrying")
    Delivery.objects.filter(due_at__isnull=False).update(due_at=timezone.now() - timedelta(seconds=1))
    now = timezone.now() + timedelta(hours=next(_hours))
    Subscription.objects.update(circuit_open_until=None)
    settled.tell(recorded(hook, now=now, status=status))


def states(report: VisitReport) -> tuple[str, str]:
    return bill_of(report).status, fresh(report).billing_status


def test_the_first_success_makes_it_sent_and_says_so(hook: Subscription, report: VisitReport) -> None:
    version = report.version
    attempt(hook, 200)
    assert states(report) == ("Sent", "Sent")
    assert (bill_of(report).sent_at is None, bill_of(report).marked_by) == (False, None)
    assert fresh(report).version == version
    assert types() == ["billing.event_created", "billing.event_ready", "billing.event_sent"]
    [sent] = told("billing.event_sent")
    assert (sent["billingEvent"]["status"], sent["visitReport"]["billingStatus"]) == ("Sent", "Sent")


def test_a_failure_that_is_tried_again_decides_nothing(hook: Subscription, report: VisitReport) -> None:
    attempt(hook, 500)
    assert (states(report), settle_overlooked()) == (("Ready", "Ready"), 0)


def test_when_all_attempts_failed_it_has_failed_and_the_managers_are_told(
    hook: Subscription, report: VisitReport, tenant: Tenant
) -> None:
    attempt(hook, 500, last=True)
    assert states(report) == ("Failed", "Failed")
    assert bill_of(report).failed_at is not None
    assert types()[-1] == "billing.event_failed"
    notice = ManagerNotice.objects.get(kind="billing.event_failed")
    assert (notice.tenant, notice.link) == (tenant, "/admin/visits/billingevent/?status=Failed")


def test_one_open_notice_is_enough(hook: Subscription, report: VisitReport, tenant: Tenant) -> None:
    attempt(hook, 500, last=True)
    approved(handed_in(tenant, of={"customer": customer(tenant)}))
    attempt(hook, 500, last=True)
    assert ManagerNotice.objects.count() == 1


def test_a_later_success_still_makes_it_sent(hook: Subscription, report: VisitReport, tenant: Tenant) -> None:
    attempt(hook, 500, last=True)
    assert tell_again(tenant=tenant, event_id=bill_of(report).pk, actor=None) == 1
    assert states(report) == ("Failed", "Failed")
    attempt(hook, 204)
    assert states(report) == ("Sent", "Sent")
    assert types()[-2:] == ["billing.event_failed", "billing.event_sent"]
    assert Event.objects.filter(type="billing.event_ready").count() == 1


def test_one_receiver_of_two_is_enough(hook: Subscription, erp: IntegrationClient, tenant: Tenant) -> None:
    other = listener(erp, "billing.event_ready")
    report = approved(handed_in(tenant, of={"customer": customer(tenant)}))
    attempt(hook, 500, last=True)
    assert states(report) == ("Ready", "Ready")
    attempt(other, 200)
    assert states(report) == ("Sent", "Sent")
    assert types()[-1] == "billing.event_sent"


def test_called_twice_or_about_something_else_it_does_nothing_more(
    hook: Subscription, report: VisitReport
) -> None:
    attempt(hook, 200)
    before = len(types())
    ready = bill_of(report).ready_event
    assert ready is not None
    follow_settled([ready, uuid4()])
    follow_settled([])
    assert (len(types()), settle_overlooked()) == (before, 0)


def test_the_sweep_finds_what_nobody_followed(
    hook: Subscription, report: VisitReport, tenant: Tenant
) -> None:
    other = approved(handed_in(tenant, of={"customer": customer(tenant)}))
    first, second = ready_deliveries()
    ends = {"due_at": None, "finished_at": timezone.now()}
    Delivery.objects.filter(pk=first.pk).update(status="Delivered", **ends)
    Delivery.objects.filter(pk=second.pk).update(status="Failed", **ends)
    assert [settle_overlooked(size=1) for _ in range(3)] == [1, 1, 0]
    assert (states(report), states(other)) == (("Sent", "Sent"), ("Failed", "Failed"))
    Delivery.objects.filter(pk=second.pk).update(status="Delivered")
    assert (settle_overlooked(), states(other)) == (1, ("Sent", "Sent"))


def test_the_sweep_costs_two_statements_while_there_is_nothing_to_do(report: VisitReport) -> None:
    with CaptureQueriesContext(connection) as asked:
        settle_overlooked()
    assert len(asked) == 2


def test_many_settle_with_few_statements(hook: Subscription, report: VisitReport, tenant: Tenant) -> None:
    def cost() -> int:
        Delivery.objects.filter(event_type="billing.event_ready").update(
            status="Delivered", due_at=None, finished_at=timezone.now()
        )
        with CaptureQueriesContext(connection) as asked:
            settle_overlooked()
        return len(asked)

    one = cost()
    known = customer(tenant)
    for _ in range(3):
        approved(handed_in(tenant, of={"customer": known}))
    assert cost() == one


def test_while_the_subscription_is_off_it_stays_ready_until_a_replay_arrives(
    erp: IntegrationClient, tenant: Tenant
) -> None:
    hook = hooks.paused(erp, "billing.event_ready")
    listener(erp, "visit_report.approved")
    report = approved(handed_in(tenant, of={"customer": customer(tenant)}))
    assert [one.status for one in ready_deliveries()] == ["Cancelled"]
    assert (settle_overlooked(), states(report)) == (0, ("Ready", "Ready"))
    assert tell_again(tenant=tenant, event_id=bill_of(report).pk, actor=None) == 1
    attempt(hook, 200)
    assert states(report) == ("Sent", "Sent")


def test_who_subscribes_later_is_told_when_a_manager_says_it_again(
    erp: IntegrationClient, tenant: Tenant
) -> None:
    report = approved(handed_in(tenant, of={"customer": customer(tenant)}))
    bill = bill_of(report)
    with pytest.raises(Conflict) as nobody:
        tell_again(tenant=tenant, event_id=bill.pk, actor=None)
    assert "add a subscription first" in nobody.value.message
    hook = listener(erp, "billing.*")
    assert tell_again(tenant=tenant, event_id=bill.pk, actor=None) == 0
    assert types() == ["billing.event_ready"]
    attempt(hook, 200)
    assert states(report) == ("Sent", "Sent")
    assert AuditEntry.objects.filter(action="billing_event.told_again").count() == 1


def test_after_the_receiver_was_deleted_a_new_event_tells_the_next_one(
    hook: Subscription, report: VisitReport, erp: IntegrationClient, tenant: Tenant
) -> None:
    attempt(hook, 500, last=True)
    gone = {"active": False, "disabled_reason": "deleted", "disabled_at": timezone.now()}
    Subscription.objects.update(deleted_at=timezone.now(), **gone)
    other = listener(erp, "billing.event_ready")
    assert tell_again(tenant=tenant, event_id=bill_of(report).pk, actor=None) == 0
    assert (states(report), bill_of(report).failed_at) == (("Ready", "Ready"), None)
    attempt(other, 200)
    assert states(report) == ("Sent", "Sent")


def test_beat_does_all_of_it(hook: Subscription, report: VisitReport, tenant: Tenant) -> None:
    Delivery.objects.filter(event_type="billing.event_ready").update(
        status="Delivered", due_at=None, finished_at=timezone.now()
    )
    late = approved(handed_in(tenant))
    Target.objects.filter(pk=late.appointment.target_id).update(customer=customer(tenant))
    names = ("make_billing_ready", "map_follow_ups", "settle_billing")
    tasks = [f"targets.visits.tasks.{name}" for name in names]
    assert {one["task"] for one in BEAT.values()}.issuperset(tasks)
    assert [import_string(task)() for task in tasks] == [1, 0, 1]
    assert (states(report), states(late)) == (("Sent", "Sent"), ("Ready", "Ready"))


def test_what_is_on_its_way_pending_or_sent_is_not_told_again(
    hook: Subscription, report: VisitReport, tenant: Tenant
) -> None:
    bill = bill_of(report)
    for expected in ("It is on its way", "It is sent already"):
        with pytest.raises(Conflict) as refused:
            tell_again(tenant=tenant, event_id=bill.pk, actor=None)
        assert refused.value.message.startswith(expected)
        mark_sent(tenant=tenant, event_id=bill.pk, actor=None) if expected.startswith("It is on") else None
    pending = bill_of(approved(handed_in(tenant)))
    with pytest.raises(Conflict):
        tell_again(tenant=tenant, event_id=pending.pk, actor=None)
    assert Delivery.objects.filter(by_hand=True).count() == 0


def test_marked_as_sent_it_is_told_and_what_arrives_later_changes_nothing(
    hook: Subscription, report: VisitReport, tenant: Tenant
) -> None:
    bill = bill_of(report)
    mark_sent(tenant=tenant, event_id=bill.pk, actor=None)
    assert states(report) == ("Sent", "Sent")
    with pytest.raises(Conflict):
        mark_sent(tenant=tenant, event_id=bill.pk, actor=None)
    attempt(hook, 500, last=True)
    assert states(report) == ("Sent", "Sent")
    assert types().count("billing.event_sent") == 1
    assert AuditEntry.objects.get(action="billing_event.marked_sent").details["was"] == "Ready"


def test_billing_events_of_others_are_not_found(report: VisitReport) -> None:
    other, bill = factories.tenant(), bill_of(report)
    for verb in (tell_again, mark_sent):
        with pytest.raises(NotFound):
            verb(tenant=other, event_id=bill.pk, actor=None)
    assert states(report) == ("Ready", "Ready")


@pytest.mark.parametrize(
    ("statuses", "fate"),
    [
        ((), None),
        (("Pending",), None),
        (("Cancelled",), None),
        (("Failed",), "Failed"),
        (("Failed", "Cancelled"), "Failed"),
        (("Failed", "Retrying"), None),
        (("Failed", "Pending"), None),
        (("Delivered",), "Sent"),
        (("Delivered", "Failed", "Retrying"), "Sent"),
    ],
)
def test_what_deliveries_mean(statuses: tuple[str, ...], fate: str | None) -> None:
    assert fate_of(statuses) == fate
