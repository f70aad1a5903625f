"""Subscription, Event, Delivery, Attempt."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from integrations.models import IntegrationClient, SourceSystem
from ordinavo.kernel.crypto import decrypt
from ordinavo.kernel.fields import OrderedJSONField
from ordinavo.kernel.ulids import UlidField, shown_ulid
from ordinavo.tenants.models import Tenant


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    """Subscriptions by their state."""

    def live(self) -> "SubscriptionQuerySet":
        """Return those that nobody deleted, paused ones included."""
        return self.filter(deleted_at=None)


class Subscription(models.Model):
    """Where a client wants to be told, of what, and how much; and how its receiver does.

    Secrets are the whole text (`whsec_…`), encrypted. `failing_since` is the first failure after the last
    success. Deleting hides the row: its deliveries stay readable.
    """

    class DisabledReason(models.TextChoices):
        PAUSED = "paused", "Paused by its owner"
        GONE = "gone", "The receiver answered 410 Gone"
        FAILING = "failing", "Nothing but failure for five days"
        DELETED = "deleted", "Deleted"

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+", db_index=False)
    client = models.ForeignKey(IntegrationClient, on_delete=models.PROTECT, related_name="subscriptions")
    url = models.CharField(max_length=2000, verbose_name="URL")
    description = models.CharField(max_length=200, blank=True)
    event_types = ArrayField(
        models.CharField(max_length=64), help_text="Names, or all of a noun: visit_report.*"
    )
    active = models.BooleanField(default=True)
    disabled_reason = models.CharField(max_length=7, choices=DisabledReason, blank=True)
    disabled_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    customer_context = models.BooleanField(default=True)
    contact_details = models.BooleanField(default=False)
    summary_preview = models.BooleanField(default=False)
    billing_details = models.BooleanField(default=False)

    secret_token = models.BinaryField(editable=False)
    previous_secret_token = models.BinaryField(null=True, editable=False)
    previous_secret_expires_at = models.DateTimeField(null=True, blank=True, editable=False)

    failing_since = models.DateTimeField(null=True, blank=True, editable=False)
    failure_streak = models.PositiveIntegerField(default=0, editable=False)
    last_success_at = models.DateTimeField(null=True, blank=True, editable=False)
    circuit_open_until = models.DateTimeField(null=True, blank=True, editable=False)

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                name="subscription_is_off_for_a_reason",
                condition=Q(active=True, disabled_reason="", disabled_at=None)
                | (Q(active=False, disabled_at__isnull=False) & ~Q(disabled_reason="")),
            ),
            models.CheckConstraint(
                name="deleted_subscription_is_off",
                condition=Q(deleted_at=None) | Q(active=False),
            ),
            models.CheckConstraint(
                name="previous_secret_has_an_end",
                condition=Q(previous_secret_token=None, previous_secret_expires_at=None)
                | Q(previous_secret_token__isnull=False, previous_secret_expires_at__isnull=False),
            ),
        )
        indexes = (models.Index(fields=("tenant", "-id"), name="subscription_newest_first"),)

    def __str__(self) -> str:
        return self.description or self.url

    @property
    def secret(self) -> str:
        """The secret that signs, in plain."""
        return decrypt(bytes(self.secret_token)).decode()

    @property
    def previous_secret(self) -> str | None:
        """The secret before the last rotation, in plain, whether or not its overlap has ended."""
        token = self.previous_secret_token
        return None if token is None else decrypt(bytes(token)).decode()


class Event(models.Model):
    """Something that happened, with all that may be told of it; append-only.

    `snapshot` holds the payload's blocks as they were then; what of it a subscription sees is cut when it is
    sent. With a source system it is told to subscriptions of that system, with a client to that client's.
    """

    PREFIX = "evt"

    id = UlidField()
    # No event without a delivery: its subscription has client, source system and tenant checked. A batch
    # would check them again for each of its events.
    tenant = models.ForeignKey(
        Tenant, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    source_system = models.ForeignKey(
        SourceSystem,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    client = models.ForeignKey(
        IntegrationClient,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    type = models.CharField(max_length=64)
    occurred_at = models.DateTimeField()
    correlation_id = models.CharField(max_length=128)
    subject_type = models.CharField(max_length=32, blank=True, help_text="A model, as targets.target.")
    subject_id = models.BigIntegerField(null=True, blank=True)
    snapshot = OrderedJSONField()
    is_example = models.BooleanField(default=False, help_text="Sent to try a receiver; nothing happened.")

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("tenant", "id"), name="event_of_tenant"),
            models.Index(fields=("tenant", "correlation_id"), name="event_by_correlation_id"),
            models.Index(
                fields=("tenant", "subject_type", "subject_id"),
                name="event_of_subject",
                condition=Q(subject_id__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"event {self.public_id}"

    @property
    def public_id(self) -> str:
        """The id that outside systems see."""
        return shown_ulid(self.PREFIX, self.id)


class Delivery(models.Model):
    """The promise to tell one subscription of one event.

    `due_at` is when it is to be claimed next. Claiming moves it on by the lease, and the value it gets is the
    claim: whoever records a result must still find it there. `by_hand` marks what somebody asked for
    (redelivery, test): it is sent while the subscription is off and doesn't count for its failure streak.
    """

    PREFIX = "del"

    class Status(models.TextChoices):
        PENDING = "Pending", "Pending"
        RETRYING = "Retrying", "Retrying"
        DELIVERED = "Delivered", "Delivered"
        FAILED = "Failed", "Failed"
        CANCELLED = "Cancelled", "Cancelled"

    OPEN = (Status.PENDING, Status.RETRYING)

    id = UlidField()
    # The subscription has tenant and client checked.
    tenant = models.ForeignKey(
        Tenant, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    client = models.ForeignKey(
        IntegrationClient, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    # Subscriptions are hidden, never deleted; a batch would check theirs again for each of its rows.
    subscription = models.ForeignKey(
        Subscription,
        on_delete=models.PROTECT,
        related_name="deliveries",
        db_index=False,
        db_constraint=False,
    )
    # Only pruning deletes events, and only those whose deliveries have gone: whoever sends one again locks a
    # delivery of it.
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="deliveries", db_constraint=False)
    event_type = models.CharField(max_length=64)
    status = models.CharField(max_length=9, choices=Status, default=Status.PENDING)
    attempt_count = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True)
    by_hand = models.BooleanField(default=False)
    redelivery_of = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="redeliveries",
        db_index=False,
    )
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        verbose_name_plural = "deliveries"
        constraints = (
            models.CheckConstraint(
                name="open_delivery_has_a_due_time",
                condition=Q(status__in=["Pending", "Retrying"], due_at__isnull=False, finished_at=None)
                | (~Q(status__in=["Pending", "Retrying"]) & Q(due_at=None, finished_at__isnull=False)),
            ),
        )
        indexes = (
            # Ascending, though lists show the newest first: new rows then fill the pages of an index one
            # after the other, which is less work and leaves no halves empty.
            models.Index(fields=("tenant", "id"), name="delivery_of_tenant"),
            models.Index(fields=("client", "id"), name="delivery_of_client"),
            models.Index(fields=("subscription", "id"), name="delivery_of_subscription"),
            models.Index(
                fields=("subscription", "due_at"),
                name="delivery_due",
                condition=Q(status__in=["Pending", "Retrying"]),
            ),
            models.Index(
                fields=("tenant", "-id"),
                name="delivery_failed",
                condition=Q(status__in=["Failed", "Retrying"]),
            ),
            models.Index(
                fields=("tenant", "-id"), name="delivery_cancelled", condition=Q(status="Cancelled")
            ),
            # Few deliveries are: the others cost nothing here.
            models.Index(
                fields=("redelivery_of",),
                name="delivery_sent_again",
                condition=Q(redelivery_of__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"delivery {self.public_id}"

    @property
    def public_id(self) -> str:
        """The id that outside systems see."""
        return shown_ulid(self.PREFIX, self.id)


class Attempt(models.Model):
    """One request that was sent, or tried, and what came back; append-only.

    `duration_ms` is in milliseconds; `error` a code (`timeout`, `address_not_allowed`), empty where an answer
    came; `answer` its first 16 KiB as text.
    """

    # The delivery has tenant and subscription checked.
    tenant = models.ForeignKey(
        Tenant, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    subscription = models.ForeignKey(
        Subscription, on_delete=models.PROTECT, related_name="attempts", db_index=False, db_constraint=False
    )
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="attempts")
    started_at = models.DateTimeField()
    duration_ms = models.PositiveIntegerField()
    status_code = models.PositiveSmallIntegerField(null=True, blank=True)
    error = models.CharField(max_length=40, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=("subscription", "id"), name="attempt_of_subscription"),)

    def __str__(self) -> str:
        return f"{self.started_at:%H:%M:%S} {self.status_code or self.error}"

    @property
    def succeeded(self) -> bool:
        """Whether the receiver took it."""
        return self.status_code is not None and 200 <= self.status_code < 300 and not self.error
