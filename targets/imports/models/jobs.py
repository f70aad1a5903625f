"""ImportJob, ImportItem."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q

from integrations.models import IntegrationClient, SourceSystem
from ordinavo.kernel.fields import OrderedJSONField
from ordinavo.tenants.models import Tenant
from targets.models import Target

# A place orders all items of all jobs: job id in the upper bits, index in the lower. 2^14 > 10,000 items.
INDEX_BITS = 14


def place_of(*, job_id: int, index: int) -> int:
    """Return the position of an item in the order in which requests were accepted."""
    return job_id << INDEX_BITS | index


class ImportJob(models.Model):
    """One request with targets, single or batch, and how far it came. Counters add up to `total_items`."""

    class Kind(models.TextChoices):
        SINGLE = "single", "Single import"
        BATCH = "batch", "Batch"

    class Status(models.TextChoices):
        ACCEPTED = "Accepted", "Accepted"
        PROCESSING = "Processing", "Processing"
        COMPLETED = "Completed", "Completed"
        PARTIALLY_FAILED = "PartiallyFailed", "Partially failed"
        FAILED = "Failed", "Failed"
        CANCELLED = "Cancelled", "Cancelled"

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey(IntegrationClient, on_delete=models.PROTECT, related_name="import_jobs")
    source_system = models.ForeignKey(SourceSystem, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=6, choices=Kind)
    status = models.CharField(max_length=15, choices=Status, default=Status.ACCEPTED)
    validate_only = models.BooleanField(default=False)
    batch_id = models.CharField(max_length=128, blank=True)
    correlation_id = models.CharField(max_length=128)
    request_id = models.CharField(max_length=26)
    retry_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="retries"
    )

    total_items = models.PositiveIntegerField()
    pending_items = models.PositiveIntegerField(default=0)
    created_items = models.PositiveIntegerField(default=0)
    updated_items = models.PositiveIntegerField(default=0)
    unchanged_items = models.PositiveIntegerField(default=0)
    cancelled_items = models.PositiveIntegerField(default=0)
    rejected_items = models.PositiveIntegerField(default=0)
    skipped_items = models.PositiveIntegerField(default=0)
    warning_items = models.PositiveIntegerField(default=0)
    needs_review_items = models.PositiveIntegerField(default=0)

    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    rung_at = models.DateTimeField(null=True, blank=True, help_text="When a worker was last called.")

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                name="job_counters_add_up",
                condition=Q(
                    total_items=F("pending_items")
                    + F("created_items")
                    + F("updated_items")
                    + F("unchanged_items")
                    + F("cancelled_items")
                    + F("rejected_items")
                    + F("skipped_items")
                ),
                violation_error_message="The counters of an import job must add up to its items.",
            ),
        )
        indexes = (
            models.Index(fields=("tenant", "-id"), name="job_newest_first"),
            models.Index(fields=("client", "-id"), name="job_newest_first_of_client"),
            models.Index(fields=("tenant", "correlation_id"), name="job_by_correlation_id"),
            models.Index(fields=("tenant", "batch_id"), name="job_by_batch_id", condition=~Q(batch_id="")),
            models.Index(
                fields=("tenant", "-id"), name="job_with_refusals", condition=Q(rejected_items__gt=0)
            ),
            models.Index(fields=("rung_at",), name="job_unfinished", condition=Q(finished_at=None)),
        )

    def __str__(self) -> str:
        return f"Import job {self.pk}"


class ImportItem(models.Model):
    """One target of a job: what was sent (`payload`) and what became of it."""

    class Status(models.TextChoices):
        PENDING = "Pending", "Pending"
        IMPORTED = "Imported", "Imported"
        REJECTED = "Rejected", "Rejected"
        SKIPPED = "Skipped", "Skipped"

    class Result(models.TextChoices):
        CREATED = "Created", "Created"
        UPDATED = "Updated", "Updated"
        UNCHANGED = "Unchanged", "Unchanged"
        CANCELLED = "Cancelled", "Cancelled"

    # The job has the tenant checked; a batch would check it again for each of its items.
    tenant = models.ForeignKey(
        Tenant, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="items", db_index=False)
    index = models.PositiveIntegerField()
    place = models.BigIntegerField()
    external_id = models.CharField(max_length=128, blank=True)
    payload = OrderedJSONField()
    draft = OrderedJSONField(
        null=True,
        blank=True,
        help_text="The judged form, until it is worked off and no review is waited for.",
    )
    status = models.CharField(max_length=8, choices=Status, default=Status.PENDING)
    result = models.CharField(max_length=9, choices=Result, blank=True)
    target = models.ForeignKey(
        Target, on_delete=models.SET_NULL, null=True, blank=True, related_name="import_items"
    )
    error_code = models.CharField(max_length=64, blank=True)
    error_message = models.TextField(blank=True)
    errors = OrderedJSONField(default=list, blank=True)
    warnings = OrderedJSONField(default=list, blank=True)
    mapping = OrderedJSONField(null=True, blank=True)
    mapping_status = models.CharField(max_length=15, blank=True)
    processed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("job", "index")
        constraints = (
            models.UniqueConstraint(
                fields=("tenant", "job", "index"), name="item_index_is_unique_in_its_job"
            ),
            models.CheckConstraint(
                name="imported_item_has_a_result",
                condition=Q(status="Imported", result__in=["Created", "Updated", "Unchanged", "Cancelled"])
                | (~Q(status="Imported") & Q(result="")),
            ),
            models.CheckConstraint(
                name="rejected_item_has_an_error_code",
                condition=(Q(status="Rejected") & ~Q(error_code=""))
                | (~Q(status="Rejected") & Q(error_code="")),
            ),
        )
        indexes = (
            models.Index(fields=("tenant", "external_id", "-id"), name="item_by_external_id"),
            models.Index(fields=("job", "index"), name="item_pending", condition=Q(status="Pending")),
            models.Index(
                fields=("tenant", "job", "error_code"), name="item_refused", condition=Q(status="Rejected")
            ),
            # For deleting jobs. An ordinary index would tempt the planner to sort all pending items of a job
            # for each of its chunks, and a job's items lie together anyway.
            BrinIndex(fields=("job",), name="item_by_job", autosummarize=True),
        )

    def __str__(self) -> str:
        return self.external_id or f"#{self.index}"
