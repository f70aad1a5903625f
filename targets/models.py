"""TargetTemplate and Target."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q

from customers.models import Contact, Customer, Location
from integrations.models import SourceSystem
from ordinavo.kernel.choices import Priority
from ordinavo.kernel.fields import OrderedJSONField
from ordinavo.kernel.lean import LeanModel
from ordinavo.tenants.models import MINUTES_A_DAY, Tenant

SKILL = RegexValidator(r"^[a-z][a-z0-9_]*$", "Use a-z, 0-9 and _.")


class TargetTemplate(models.Model):
    """A kind of job that a tenant knows, with its planning defaults."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="target_templates")
    key = models.CharField(
        max_length=64, validators=[RegexValidator(r"^[a-z][a-z0-9_]*$", "Use a-z, 0-9 and _.")]
    )
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    default_estimated_work_minutes = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(MINUTES_A_DAY)]
    )
    default_priority = models.CharField(max_length=6, choices=Priority, blank=True)
    skills = ArrayField(
        models.CharField(max_length=64, validators=[SKILL]),
        default=list,
        blank=True,
        help_text="What whoever goes there must be able to do.",
    )
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ("key",)
        constraints = (
            models.UniqueConstraint(
                fields=("tenant", "key"),
                name="template_key_is_unique_per_tenant",
                violation_error_message="The tenant has a template with this key.",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Target(LeanModel):
    """A job, stop or visit that an outside system asked for.

    Times are UTC instants, work is in minutes, revenue in the tenant's currency, coordinates in degrees.
    `place` orders changes: that of the request whose change was applied last (see targets.imports.models).
    `revision` grows with every change, so that late readers can be told.
    """

    class Status(models.TextChoices):
        OPEN = "Open", "Open"
        SCHEDULED = "Scheduled", "Scheduled"
        IN_PROGRESS = "InProgress", "In progress"
        COMPLETED = "Completed", "Completed"
        PROBLEM = "Problem", "Problem"
        CANCELLED = "Cancelled", "Cancelled"

    # The source system has the tenant checked; a batch would check it again for each of its rows.
    tenant = models.ForeignKey(
        Tenant, on_delete=models.PROTECT, related_name="targets", db_index=False, db_constraint=False
    )
    source_system = models.ForeignKey(
        SourceSystem, on_delete=models.PROTECT, related_name="targets", db_index=False
    )
    # Null, not "": many targets may have none, and the constraint below lets nulls pass.
    external_id = models.CharField(max_length=128, null=True, blank=True)  # noqa: DJ001
    external_type = models.CharField(max_length=64, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    template = models.ForeignKey(
        TargetTemplate,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="targets",
        db_index=False,
    )
    template_key = models.CharField(max_length=64, blank=True, help_text="As it was sent, known or not.")

    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="targets"
    )
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, null=True, blank=True, related_name="targets"
    )
    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="targets"
    )
    mapping = OrderedJSONField(null=True, blank=True, help_text="How the last sent customer data was mapped.")
    customer_text = OrderedJSONField(
        null=True, blank=True, help_text="Customer data that was sent without ids."
    )

    street = models.CharField(max_length=200, blank=True)
    postal_code = models.CharField(max_length=16, blank=True)
    city = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=2, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)

    priority = models.CharField(max_length=6, choices=Priority, null=True, blank=True)  # noqa: DJ001
    estimated_work_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    due_date = models.DateField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    time_window_start = models.DateTimeField(null=True, blank=True)
    time_window_end = models.DateTimeField(null=True, blank=True)
    route_date = models.DateField(null=True, blank=True)
    fixed_time = models.BooleanField(default=False)

    expected_revenue = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    customer_tier = models.CharField(max_length=64, blank=True)
    close_probability = models.FloatField(null=True, blank=True)
    custom_fields = OrderedJSONField(default=dict, blank=True)

    follow_up_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="follow_ups", db_index=False
    )

    # Written down by visits: the open appointment, for those who may not look up there.
    appointment_id = models.BigIntegerField(null=True, blank=True, editable=False)
    appointment_status = models.CharField(max_length=15, blank=True, editable=False)
    appointment_start = models.DateTimeField(null=True, blank=True, editable=False)

    revision = models.PositiveIntegerField(default=1)
    place = models.BigIntegerField(default=0)
    last_import_job_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("tenant", "source_system", "external_id"),
                name="target_external_id_is_unique_per_source_system",
                violation_error_message="The source system has a target with this external id.",
            ),
            models.CheckConstraint(
                name="target_window_starts_before_it_ends",
                condition=Q(time_window_start=None)
                | Q(time_window_end=None)
                | Q(time_window_start__lt=F("time_window_end")),
                violation_error_message="The time window must start before it ends.",
            ),
            models.CheckConstraint(
                name="target_is_due_on_a_day_or_at_a_time",
                condition=Q(due_date=None) | Q(due_at=None),
                violation_error_message="Give a due date or a due time, not both.",
            ),
            models.CheckConstraint(
                name="target_has_both_coordinates_or_none",
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__isnull=False, longitude__isnull=False),
                violation_error_message="Give latitude and longitude, or neither.",
            ),
        )
        indexes = (
            models.Index(fields=("tenant", "-id"), name="target_newest_first"),
            models.Index(fields=("tenant", "status", "-id"), name="target_by_status"),
            models.Index(fields=("tenant", "source_system", "updated_at"), name="target_by_update"),
            models.Index(
                fields=("template",), name="target_by_template", condition=Q(template__isnull=False)
            ),
            models.Index(
                fields=("follow_up_of",),
                name="target_by_followed_up",
                condition=Q(follow_up_of__isnull=False),
            ),
            models.Index(
                fields=("id",),
                name="target_unmapped_follow_up",
                condition=Q(follow_up_of__isnull=False, customer=None),
            ),
        )

    def __str__(self) -> str:
        return self.title
