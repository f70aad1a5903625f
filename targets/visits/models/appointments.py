"""Appointment."""

from django.db import models
from django.db.models import F, Q

from ordinavo.tenants.models import Tenant
from targets.models import Target
from targets.visits.models.people import Employee


class Appointment(models.Model):
    """A visit that was published to an employee; times are UTC instants.

    Travel is that to the stop as it was planned; empty where somebody else makes the visit now, or another
    one comes before it.

    `target_revision` is the target's at publication: a greater one means that it was changed since.
    """

    class Status(models.TextChoices):
        SCHEDULED = "Scheduled", "Scheduled"
        STARTED = "Started", "Started"
        COMPLETED = "Completed", "Completed"
        PROBLEM_REPORTED = "ProblemReported", "Problem reported"
        CANCELLED = "Cancelled", "Cancelled"

    OPEN = (Status.SCHEDULED, Status.STARTED)

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+", db_index=False)
    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="appointments")
    employee = models.ForeignKey(
        Employee, on_delete=models.PROTECT, related_name="appointments", db_index=False
    )
    status = models.CharField(max_length=15, choices=Status, default=Status.SCHEDULED)
    day = models.DateField(help_text="The employee's local day.")
    sequence = models.PositiveSmallIntegerField()
    planned_start = models.DateTimeField()
    planned_end = models.DateTimeField()
    travel_minutes = models.PositiveSmallIntegerField(null=True, default=0)
    travel_meters = models.PositiveIntegerField(null=True, default=0)
    target_revision = models.PositiveIntegerField()
    started_at = models.DateTimeField(null=True, blank=True, help_text="By the phone's clock.")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="By the phone's clock.")
    start_heard_at = models.DateTimeField(null=True, blank=True, help_text="When word of it arrived here.")
    end_heard_at = models.DateTimeField(null=True, blank=True, help_text="When word of it arrived here.")
    cancelled_because = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("day", "employee", "sequence")
        constraints = (
            models.UniqueConstraint(
                fields=("target",),
                condition=Q(status__in=["Scheduled", "Started"]),
                name="one_open_appointment_per_target",
                violation_error_message="The target has an open appointment.",
            ),
            models.CheckConstraint(
                name="appointment_starts_before_it_ends", condition=Q(planned_start__lt=F("planned_end"))
            ),
        )
        indexes = (
            models.Index(fields=("employee", "day", "sequence"), name="appointment_of_a_day"),
            models.Index(fields=("tenant", "day"), name="appointment_by_day"),
        )

    def __str__(self) -> str:
        return f"{self.day} #{self.sequence}"

    @property
    def is_changed(self) -> bool:
        """Whether the target was changed since publication; reads the target."""
        return self.target.revision > self.target_revision
