"""MappingReview and what managers do with it: ReviewedItem, ReviewDecision, SettledItem, SkippedReview."""

from django.db import models
from django.db.models import Q

from customers.models import RecordKind
from integrations.models import IntegrationClient, SourceSystem
from ordinavo.kernel.fields import OrderedJSONField
from ordinavo.tenants.models import Tenant, User
from targets.imports.models.jobs import ImportItem


class MappingReview(models.Model):
    """A record that was sent and could not be linked without a doubt; it waits for a manager.

    `record_key` is the external id or, without one, a digest of the normalised data. `record` holds what was
    sent, `candidates` what it may be, the likeliest first: `[{"id", "score", "evidence": […]}]`; those that
    managers refused are not among them. `score` is the likeliest one's, None if nobody gave it any.
    """

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        LINKED = "linked", "Linked"
        CREATED = "created", "Created"
        DISMISSED = "dismissed", "Dismissed"

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+")
    source_system = models.ForeignKey(SourceSystem, on_delete=models.PROTECT, related_name="mapping_reviews")
    client = models.ForeignKey(IntegrationClient, on_delete=models.PROTECT, related_name="mapping_reviews")
    kind = models.CharField(max_length=8, choices=RecordKind)
    record_key = models.CharField(max_length=128)
    external_id = models.CharField(max_length=128, blank=True)
    status = models.CharField(max_length=9, choices=Status, default=Status.OPEN)
    reason = models.CharField(max_length=64)
    record = OrderedJSONField()
    candidates = OrderedJSONField(default=list)
    score = models.FloatField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    chosen_id = models.BigIntegerField(
        null=True, blank=True, help_text="The record of this kind that was linked or created."
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("tenant", "source_system", "kind", "record_key"),
                condition=Q(status="open"),
                name="one_open_review_per_record",
            ),
            models.CheckConstraint(
                name="review_chose_a_record_if_it_linked",
                condition=Q(status__in=["linked", "created"], chosen_id__isnull=False)
                | (~Q(status__in=["linked", "created"]) & Q(chosen_id=None)),
            ),
        )
        indexes = (
            models.Index(fields=("tenant", "status", "-id"), name="review_by_status"),
            models.Index(fields=("tenant", "source_system", "kind", "record_key"), name="review_by_record"),
            models.Index(
                fields=("tenant", "-score", "id"), name="review_likeliest_first", condition=Q(status="open")
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.external_id or self.record_key[:12]}"

    @property
    def name_sent(self) -> str:
        """What the sender calls the record, or how it is known."""
        return str(self.record.get("name") or self.record.get("display_name") or self)


class ReviewedItem(models.Model):
    """An import item that waits for a review."""

    review = models.ForeignKey(MappingReview, on_delete=models.CASCADE, related_name="waiting")
    item = models.ForeignKey(ImportItem, on_delete=models.CASCADE, related_name="reviews")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("review", "item"), name="item_waits_once_per_review"),)

    def __str__(self) -> str:
        return f"{self.item_id} waits for {self.review_id}"


class ReviewDecision(models.Model):
    """What a manager answered, and all that the answer wrote, so that it can be taken back.

    `written` holds references, records and targets as they were and as they became; items have rows of
    their own, since there may be thousands.
    """

    class Verb(models.TextChoices):
        LINKED = "linked", "Linked"
        CREATED = "created", "Created"
        DISMISSED = "dismissed", "Dismissed"
        REFUSED = "refused", "Refused"

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+", db_index=False)
    review = models.ForeignKey(MappingReview, on_delete=models.CASCADE, related_name="decisions")
    verb = models.CharField(max_length=9, choices=Verb)
    record_id = models.BigIntegerField(null=True, blank=True, help_text="The record that was meant, if any.")
    written = OrderedJSONField(default=dict)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("tenant", "decided_by", "-id"), name="decisions_of_manager"),)

    def __str__(self) -> str:
        return f"{self.review_id} {self.verb}"


class SettledItem(models.Model):
    """An import item as it was before a decision settled it: mapping, draft, and what else it waited for."""

    decision = models.ForeignKey(ReviewDecision, on_delete=models.CASCADE, related_name="settled")
    item = models.ForeignKey(ImportItem, on_delete=models.CASCADE, related_name="+")
    before = OrderedJSONField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("decision", "item"), name="item_is_settled_once_per_decision"),
        )

    def __str__(self) -> str:
        return f"{self.item_id} settled by {self.decision_id}"


class SkippedReview(models.Model):
    """A manager puts a review off: it goes to the end of that manager's queue, and of nobody else's."""

    review = models.ForeignKey(MappingReview, on_delete=models.CASCADE, related_name="skips")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    skipped_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "review"), name="review_is_skipped_once_per_manager"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} skipped {self.review_id}"
