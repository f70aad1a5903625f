"""What the page of a billing event shows: how far it is, what is billed, who was told."""

from django.utils.safestring import SafeString

from ordinavo.kernel.admin import show
from targets.shown import name_of, with_story
from targets.visits.marks import BILLING_STATUS
from targets.visits.models import BillingEvent
from webhooks.admin.links import subscription_link
from webhooks.marks import DELIVERY_STATUS
from webhooks.selectors import deliveries_about

Status = BillingEvent.Status


def at_a_glance(row: BillingEvent) -> SafeString:
    """Return how far it is, and beside it what is billed."""
    status = row.get_status_display()
    steps = (
        ("Status", show.mark(status, BILLING_STATUS.get(status, ""))),
        ("Waits for", waits_for(row)),
        ("Created", show.when(row.created_at)),
        *((name, show.when(at)) for name, at in _steps(row) if at),
        ("Marked as sent by", str(row.marked_by or "")),
    )
    return show.beside(show.facts(steps), right_title="What is billed", right=_billed(row))


def waits_for(row: BillingEvent) -> str:
    """Return what a pending one lacks, or that nobody has heard of a ready one."""
    if row.status == Status.PENDING:
        customer = row.report.appointment.target.customer_id is None
        lacking = ("customer" if customer else "", "minutes" if row.work_minutes is None else "")
        return " and ".join(filter(None, lacking)).capitalize() or "The next round"
    if row.status == Status.READY and row.ready_event is None:
        return "A subscription: nobody was told"
    return ""


def minutes(row: BillingEvent) -> str:
    """Return the minutes of work, and of the way there."""
    work = "?" if row.work_minutes is None else str(row.work_minutes)
    return f"{work} + {row.travel_minutes} travel" if row.travel_minutes else work


def deliveries(row: BillingEvent) -> SafeString:
    """Return to whom it was told that it is ready, and what came of it."""
    found = [] if row.ready_event is None else deliveries_about(row.tenant_id, row.ready_event)
    lines = (
        (
            show.link_to(one, one.public_id),
            show.mark(one.status, DELIVERY_STATUS.get(one.status, "")),
            subscription_link(one.subscription),
            one.attempt_count,
            show.when(one.created_at),
        )
        for one in found
    )
    return show.table(
        ("Delivery", "Status", "Subscription", "Attempts", "Created"),
        lines,
        empty="Nobody was told: no active client with the feature billing_webhooks was subscribed.",
    )


def _steps(row: BillingEvent) -> tuple[tuple[str, object], ...]:
    return ("Ready", row.ready_at), ("Sent", row.sent_at), ("Failed", row.failed_at)


def _billed(row: BillingEvent) -> SafeString:
    report = row.report
    target = report.appointment.target
    return show.facts(
        (
            ("Report", show.link_to(report, name_of(target))),
            ("Target", with_story(target)),
            ("Customer", show.link_to(target.customer) if target.customer else "Not mapped"),
            ("Minutes", minutes(row)),
            ("Employee", show.link_to(report.employee)),
        )
    )
