"""BillingEvent."""

from django.db import models
from django.db.models import Q

from ordinavo.tenants.models import Tenant, User
from targets.visits.models.reports import VisitReport


class BillingEvent(models.Model):
    """A trigger for a bill, made when a billable report is approved; never an invoice. Minutes, UTC instants.

    `ready_event` is the webhook event that says "ready"; its deliveries decide between sent and failed.
    """

    class Status(models.TextChoices):
        PENDING = "Pending", "Pending"
        READY = "Ready", "Ready"
        SENT = "Sent", "Sent"
        FAILED = "Failed", "Failed"

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+", db_index=False)
    report = models.OneToOneField(VisitReport, on_delete=models.PROTECT, related_name="billing_event")
    status = models.CharField(max_length=7, choices=Status, default=Status.PENDING)
    work_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    travel_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    ready_event = models.UUIDField(null=True, blank=True, editable=False)
    ready_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    marked_by = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who marked it as sent by hand.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("tenant", "-id"), name="billing_event_newest_first"),
            models.Index(fields=("tenant", "status", "-id"), name="billing_event_by_status"),
            models.Index(fields=("id",), name="billing_event_pending", condition=Q(status="Pending")),
            # Of these the sweep looks whether their deliveries have come to an end.
            models.Index(
                fields=("id",),
                name="billing_event_told",
                condition=Q(status__in=["Ready", "Failed"], ready_event__isnull=False),
            ),
            models.Index(
                fields=("ready_event",),
                name="billing_event_by_event",
                condition=Q(ready_event__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"Billing event {self.pk}"
