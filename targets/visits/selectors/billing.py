"""Reading billing events, by tenant (None: all tenants, for operators); and what the sweeps look for."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from ordinavo.kernel.errors import NotFound
from ordinavo.tenants.models import Tenant
from targets.visits.models import BillingEvent
from webhooks.models import Delivery

Status = BillingEvent.Status

_TARGET = "report__appointment__target"
# As words in the statement, so that the partial indexes are taken.
_PENDING = Q(status__word=Status.PENDING.value)
_TOLD = Q(ready_event__isnull=False) & (
    Q(status__word=Status.READY.value) | Q(status__word=Status.FAILED.value)
)


def billing_of(tenant: Tenant | None) -> QuerySet[BillingEvent]:
    """Return the billing events of a tenant."""
    rows = BillingEvent.objects.all()
    return rows.filter(tenant=tenant) if tenant else rows


def with_work(rows: QuerySet[BillingEvent]) -> QuerySet[BillingEvent]:
    """Fetch along what is billed, and to whom."""
    return rows.select_related(
        "report__employee", f"{_TARGET}__customer", f"{_TARGET}__location", f"{_TARGET}__source_system"
    )


def lock_billing_event(*, tenant: Tenant, event_id: int) -> BillingEvent:
    """Return an event of the tenant, locked until the transaction ends; any other one is not found."""
    found = _locked(BillingEvent.objects.filter(tenant=tenant, pk=event_id))
    if not found:
        raise NotFound("There is no billing event with this id.")
    return found[0]


def lock_billing(event_ids: Collection[int], *statuses: str, skip_locked: bool = False) -> list[BillingEvent]:
    """Return those of the events that have one of the statuses, locked in the order of their ids."""
    rows = BillingEvent.objects.filter(id__in=event_ids, status__in=statuses)
    return _locked(rows, skip_locked=skip_locked)


def pending_billing() -> QuerySet[BillingEvent]:
    """Return the pending events of all tenants, through an index of their own."""
    return BillingEvent.objects.filter(_PENDING)


def complete_ids(event_ids: Collection[int]) -> list[int]:
    """Return which of these pending events have customer and minutes by now, the oldest first."""
    rows = pending_billing().filter(id__among=event_ids, work_minutes__isnull=False)
    complete = rows.filter(**{f"{_TARGET}__customer__isnull": False})
    return list(complete.order_by("id").values_list("id", flat=True))


def told_by(webhook_event_ids: Collection[UUID]) -> list[int]:
    """Return the events of which these webhook events said that they are ready."""
    rows = BillingEvent.objects.filter(ready_event__isnull=False, ready_event__in=webhook_event_ids)
    return list(rows.order_by("id").values_list("id", flat=True))


def undecided_billing() -> QuerySet[BillingEvent]:
    """Return the events of all tenants that deliveries may still decide about, through their own index."""
    return BillingEvent.objects.filter(_TOLD)


def overlooked_ids(event_ids: Collection[int]) -> list[int]:
    """Return of which of these the deliveries have decided what nobody has written down yet, oldest first."""
    delivered, failed = _deliveries(Delivery.Status.DELIVERED), _deliveries(Delivery.Status.FAILED)
    given_up = Q(status__word=Status.READY.value) & Exists(failed) & ~Exists(_deliveries(*Delivery.OPEN))
    rows = undecided_billing().filter(id__among=event_ids).filter(Exists(delivered) | given_up)
    return list(rows.order_by("id").values_list("id", flat=True))


def _deliveries(*statuses: str) -> QuerySet[Delivery]:
    return Delivery.objects.filter(event=OuterRef("ready_event"), status__in=statuses)


def _locked(rows: QuerySet[BillingEvent], *, skip_locked: bool = False) -> list[BillingEvent]:
    held = rows.select_for_update(of=("self",), no_key=True, skip_locked=skip_locked)
    found = with_work(held).select_related("tenant", "report__tenant", f"{_TARGET}__follow_up_of")
    return list(found.order_by("id"))
