"""Billing events: triggers for bills, made when billable reports are approved. They are never invoices.

`Pending` until customer and minutes are known, then `Ready`, which is told. How its deliveries end decides
what comes then: see `targets.visits.services.settling`. The report's `billing_status` follows each step.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from django.db import transaction
from django.utils import timezone

from ordinavo.kernel import rounds
from ordinavo.kernel.errors import Conflict
from ordinavo.kernel.saving import invalid_field
from ordinavo.kernel.sets import update_rows
from ordinavo.tenants.models import MINUTES_A_DAY, Tenant, User
from ordinavo.tenants.services.audit import record_audit
from targets.visits.blocks import REPORT
from targets.visits.events import tell_reports
from targets.visits.minutes import worked_minutes
from targets.visits.models import BillingEvent, VisitReport
from targets.visits.selectors.billing import (
    complete_ids,
    lock_billing,
    lock_billing_event,
    pending_billing,
)
from webhooks.catalog.types import BILLING_CREATED, BILLING_READY
from webhooks.selectors import newest_events

Status = BillingEvent.Status
# So many are looked at by one beat, and so many written in one transaction.
A_STEP, MOST_AT_ONCE = 5_000, 500


def open_billing(*, report: VisitReport) -> BillingEvent | None:
    """Make the billing event of a report that was just approved, and tell of it; `Ready` at once if possible.

    None for what is not billable, and in a test twin: nothing is billed there. The caller holds the report.
    """
    if not report.is_billable or report.tenant.is_test:
        return None
    event = BillingEvent.objects.create(
        tenant=report.tenant,
        report=report,
        work_minutes=worked_minutes(report),
        travel_minutes=report.appointment.travel_minutes,
    )
    follow([event])
    tell_reports([report], BILLING_CREATED)
    if is_complete(event):
        make_ready([event])
    return event


def is_complete(event: BillingEvent) -> bool:
    """Whether all that a bill needs is there; reads the report's target."""
    return event.work_minutes is not None and event.report.appointment.target.customer_id is not None


def make_complete_ready(*, size: int = A_STEP) -> int:
    """Look at the next pending events of a round; make ready what is complete by now, and return how many.

    The beat's work. What somebody else holds is left for the next round; doing it twice changes nothing.
    """
    complete = complete_ids(rounds.step("billing.pending", pending_billing(), size=size))
    return in_parts(complete, _make_complete_ready)


def in_parts(event_ids: Sequence[int], work: Callable[[Sequence[int]], int]) -> int:
    """Do the work on so many events at a time, and return the sum of what it returns."""
    starts = range(0, len(event_ids), MOST_AT_ONCE)
    return sum(work(event_ids[start : start + MOST_AT_ONCE]) for start in starts)


@transaction.atomic
def enter_minutes(*, tenant: Tenant, event_id: int, minutes: int, actor: User | None) -> BillingEvent:
    """Give a pending event the minutes of work that nobody knew; it is `Ready` then if its customer is known.

    Raises `NotFound`, `Conflict`, and `ValidationFailed` for minutes outside a day.
    """
    if not 1 <= minutes <= MINUTES_A_DAY:
        raise invalid_field("minutes", f"Must be between 1 and {MINUTES_A_DAY:,}.")
    event = lock_billing_event(tenant=tenant, event_id=event_id)
    if event.status != Status.PENDING:
        raise Conflict("Its minutes have been told already: they can't be changed.")
    event.work_minutes = minutes
    event.save(update_fields=["work_minutes", "updated_at"])
    note(event, "minutes_entered", actor, minutes=minutes)
    if is_complete(event):
        make_ready([event])
    return event


def make_ready(events: Sequence[BillingEvent]) -> None:
    """Turn these locked events `Ready`, tell so, and remember the webhook events whose deliveries decide."""
    now = timezone.now()
    for event in events:
        event.status, event.ready_at, event.failed_at = Status.READY, now, None
    store(events, "status", "ready_at", "failed_at")
    follow(events)
    tell_reports([event.report for event in events], BILLING_READY)
    _remember(events)


@transaction.atomic
def _make_complete_ready(event_ids: Sequence[int]) -> int:
    events = lock_billing(event_ids, Status.PENDING, skip_locked=True)
    ready = [event for event in events if is_complete(event)]
    make_ready(ready)
    return len(ready)


def follow(events: Iterable[BillingEvent]) -> None:
    """Write down at the reports how far their billing is; their versions stay."""
    for status, theirs in groupby(sorted(events, key=_status), key=_status):
        reports = [event.report for event in theirs]
        for report in reports:
            report.billing_status = VisitReport.Billing(status)
        stored = VisitReport.objects.filter(id__in=[report.pk for report in reports])
        stored.update(billing_status=status, updated_at=timezone.now())


def store(events: Iterable[BillingEvent], *columns: str) -> None:
    """Store columns of events: one statement."""
    now = timezone.now()
    rows = [
        {"id": event.pk, "updated_at": now, **{name: getattr(event, name) for name in columns}}
        for event in events
    ]
    if rows:
        update_rows(BillingEvent, rows)


def note(event: BillingEvent, verb: str, actor: User | None, **details: object) -> None:
    """Write an audit entry about an event."""
    record_audit(
        tenant=event.tenant,
        actor=actor,
        action=f"billing_event.{verb}",
        subject=event,
        details={"visitReportId": event.report_id, **details},
    )


def _remember(events: Sequence[BillingEvent]) -> None:
    """Without a subscription there is no webhook event, and nothing to remember: it stays `Ready`."""
    for tenant_id, theirs in groupby(sorted(events, key=_tenant), key=_tenant):
        by_report = {event.report_id: event for event in theirs}
        told = newest_events(tenant_id, BILLING_READY, subject_type=REPORT, subject_ids=list(by_report))
        for report_id, event_id in told.items():
            by_report[report_id].ready_event = event_id
        store((by_report[report_id] for report_id in told), "ready_event")


def _status(event: BillingEvent) -> str:
    return str(event.status)


def _tenant(event: BillingEvent) -> int:
    return event.tenant_id
