"""RouteSuggestion, Candidate, Route, Stop, Exclusion."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from integrations.models import IntegrationClient, SourceSystem
from ordinavo.kernel.fields import OrderedJSONField
from ordinavo.tenants.models import Tenant, User
from targets.models import Target
from targets.visits.models import Appointment, Employee


class RouteSuggestion(models.Model):
    """Who could go where on a day: asked for, solved by a worker, then published or discarded by a manager.

    `client` asked through the API, or `created_by` in the admin. `options` are those of the contract. `seed`,
    `iterations` and `input_digest` make the answer reproducible; `progress` is a percentage.
    """

    class Status(models.TextChoices):
        PENDING = "Pending", "Being planned"
        DRAFT = "Draft", "Draft"
        FAILED = "Failed", "Failed"
        PUBLISHED = "Published", "Published"
        DISCARDED = "Discarded", "Discarded"

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+", db_index=False)
    client = models.ForeignKey(
        IntegrationClient, on_delete=models.PROTECT, null=True, blank=True, related_name="route_suggestions"
    )
    source_system = models.ForeignKey(
        SourceSystem, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    import_job_id = models.BigIntegerField(null=True, blank=True)
    route_date = models.DateField()
    options = OrderedJSONField(default=dict)
    status = models.CharField(max_length=9, choices=Status, default=Status.PENDING)
    revision = models.PositiveIntegerField(
        default=1, help_text="Grows with every edit: keeps two managers apart."
    )
    correlation_id = models.CharField(max_length=128)

    seed = models.PositiveIntegerField(default=1)
    budget_seconds = models.FloatField(default=5)
    iterations = models.PositiveIntegerField(default=0)
    input_digest = models.CharField(max_length=64, blank=True)
    travel_source = models.CharField(max_length=64, blank=True, help_text="Where travel times came from.")
    progress = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    rung_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=300, blank=True)

    summary = OrderedJSONField(default=dict, help_text="Members as in the API.")
    unfit = OrderedJSONField(
        default=list,
        help_text="Visits published before that no longer fit: [{appointmentId, employeeId, message}].",
    )
    edited_at = models.DateTimeField(
        null=True, blank=True, help_text="When routes were last changed by hand since they were planned."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    solved_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("tenant", "-id"), name="suggestion_newest_first"),
            models.Index(fields=("client", "-id"), name="suggestion_newest_of_client"),
            models.Index(fields=("rung_at",), name="suggestion_to_solve", condition=Q(status="Pending")),
        )

    def __str__(self) -> str:
        return f"Suggestion {self.pk} for {self.route_date}"

    def said(self, *, in_part: bool) -> str:
        """Return the status in words for staff; `in_part`: some routes are published, others are not."""
        return "Published in part" if in_part else self.get_status_display()


class Candidate(models.Model):
    """A target that a suggestion was asked to plan."""

    suggestion = models.ForeignKey(RouteSuggestion, on_delete=models.CASCADE, related_name="candidates")
    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("suggestion", "target"), name="target_is_asked_once_per_suggestion"
            ),
        )

    def __str__(self) -> str:
        return f"{self.suggestion_id}: {self.target_id}"


class Route(models.Model):
    """The day of one employee in a suggestion. Times are UTC instants, distances meters.

    `known_appointments` are those of the employee that the plan made room for: any other one was published
    by somebody else since.
    """

    class Status(models.TextChoices):
        DRAFT = "Draft", "Draft"
        PUBLISHED = "Published", "Published"
        UNPUBLISHED = "Unpublished", "Taken back"

    CHANGEABLE = (Status.DRAFT, Status.UNPUBLISHED)

    suggestion = models.ForeignKey(RouteSuggestion, on_delete=models.CASCADE, related_name="routes")
    number = models.PositiveSmallIntegerField()
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="routes")
    status = models.CharField(max_length=11, choices=Status, default=Status.DRAFT)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    break_starts_at = models.DateTimeField(null=True, blank=True)
    break_minutes = models.PositiveSmallIntegerField(default=0)
    distance_meters = models.PositiveIntegerField(default=0)
    travel_minutes = models.PositiveIntegerField(default=0)
    waiting_minutes = models.PositiveIntegerField(default=0)
    work_minutes = models.PositiveIntegerField(default=0)
    violations = OrderedJSONField(default=list, help_text="What an edit broke: [{code, message}].")
    known_appointments = ArrayField(models.BigIntegerField(), default=list, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("suggestion", "number"), name="route_number_is_unique"),
            models.UniqueConstraint(fields=("suggestion", "employee"), name="one_route_per_employee"),
        )

    def __str__(self) -> str:
        return f"Route {self.number}"


class Stop(models.Model):
    """A target on a route. Work begins at `work_starts_at`, after arriving and, maybe, waiting or a break.

    `reasons` says why this person, why then, and what it adds: `[{code, message}]`. `facts` is a digest of
    what the plan took from the target: it tells at publication whether that still holds.
    """

    route = models.ForeignKey(Route, on_delete=models.CASCADE, related_name="stops")
    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="stops")
    appointment = models.OneToOneField(
        Appointment, on_delete=models.SET_NULL, null=True, blank=True, related_name="stop"
    )
    sequence = models.PositiveSmallIntegerField()
    locked = models.BooleanField(default=False)
    arrives_at = models.DateTimeField()
    work_starts_at = models.DateTimeField()
    departs_at = models.DateTimeField()
    travel_minutes = models.PositiveSmallIntegerField(default=0)
    travel_meters = models.PositiveIntegerField(default=0)
    waiting_minutes = models.PositiveSmallIntegerField(default=0)
    added_minutes = models.SmallIntegerField(default=0, help_text="What the route would save without it.")
    reasons = OrderedJSONField(default=list)
    violations = OrderedJSONField(default=list)
    facts = models.CharField(max_length=16)

    class Meta:
        ordering = ("route", "sequence")
        constraints = (
            models.UniqueConstraint(
                fields=("route", "sequence"),
                name="stop_sequence_is_unique",
                deferrable=models.Deferrable.DEFERRED,
            ),
        )

    def __str__(self) -> str:
        return f"#{self.sequence}"


class Exclusion(models.Model):
    """A target that was left out, with a proved reason (a code of the contract) and what would help."""

    suggestion = models.ForeignKey(RouteSuggestion, on_delete=models.CASCADE, related_name="exclusions")
    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="+")
    reason_code = models.CharField(max_length=40)
    message = models.CharField(max_length=500)
    hint = models.CharField(max_length=500, blank=True)
    details = OrderedJSONField(default=dict)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("suggestion", "target"), name="target_is_left_out_once"),
        )

    def __str__(self) -> str:
        return f"{self.target_id}: {self.reason_code}"
