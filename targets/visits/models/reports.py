"""VisitReport and Attachment."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from ordinavo.tenants.models import MINUTES_A_DAY, Tenant, User
from targets.models import Target
from targets.visits.models.appointments import Appointment
from targets.visits.models.people import Employee


class VisitReport(models.Model):
    """What an employee found and did, one for each appointment; a draft may hold anything or nothing.

    `version` grows with every change, so that two phones don't overwrite each other. `problem` says what kept
    the work from being done. `internal_notes` are the managers' own and never leave the house.
    """

    class Status(models.TextChoices):
        DRAFT = "Draft", "Draft"
        SUBMITTED = "Submitted", "Submitted"
        APPROVED = "Approved", "Approved"
        REJECTED = "Rejected", "Rejected"

    class Result(models.TextChoices):
        SUCCESSFUL = "Successful", "Successful"
        PARTLY_SUCCESSFUL = "PartlySuccessful", "Partly successful"
        NOT_SUCCESSFUL = "NotSuccessful", "Not successful"
        CUSTOMER_ABSENT = "CustomerAbsent", "Customer absent"

    class Problem(models.TextChoices):
        CUSTOMER_ABSENT = "customer_absent", "Customer absent"
        NO_ACCESS = "no_access", "No access"
        WRONG_ADDRESS = "wrong_address", "Wrong address"
        MISSING_PARTS = "missing_parts", "Parts or tools missing"
        UNSAFE = "unsafe", "Not safe to work"
        MORE_WORK = "more_work", "More work than planned"
        OTHER = "other", "Something else"

    class Billing(models.TextChoices):
        NOT_BILLABLE = "NotBillable", "Not billable"
        NOT_READY = "NotReady", "Not ready"
        PENDING = "Pending", "Pending"
        READY = "Ready", "Ready"
        SENT = "Sent", "Sent"
        FAILED = "Failed", "Failed"

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+", db_index=False)
    appointment = models.OneToOneField(Appointment, on_delete=models.PROTECT, related_name="report")
    employee = models.ForeignKey(
        Employee, on_delete=models.PROTECT, related_name="reports", help_text="Who wrote it."
    )
    status = models.CharField(max_length=9, choices=Status, default=Status.DRAFT)
    result = models.CharField(max_length=16, choices=Result, blank=True)
    problem = models.CharField(max_length=16, choices=Problem, blank=True)
    summary = models.TextField(blank=True)
    problems = models.TextField(blank=True)
    used_minutes = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(MINUTES_A_DAY)]
    )
    follow_up_required = models.BooleanField(default=False)
    follow_up_date = models.DateField(null=True, blank=True)
    follow_up_note = models.TextField(blank=True)
    follow_up_target = models.OneToOneField(
        Target, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    is_billable = models.BooleanField(default=True)
    billing_status = models.CharField(max_length=11, choices=Billing, default=Billing.NOT_READY)
    internal_notes = models.TextField(blank=True)
    rejection_reason = models.TextField(blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True, help_text="By the phone's clock.")
    submission_heard_at = models.DateTimeField(null=True, blank=True, help_text="When it arrived here.")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                name="report_says_a_result_unless_it_is_a_draft",
                condition=Q(status="Draft") | ~Q(result=""),
                violation_error_message="A report that is handed in needs a result.",
            ),
            models.CheckConstraint(
                name="report_is_billable_or_has_nothing_to_bill",
                condition=Q(is_billable=True) | Q(billing_status="NotBillable"),
            ),
        )
        indexes = (
            models.Index(fields=("tenant", "-id"), name="report_newest_first"),
            models.Index(fields=("tenant", "status", "-id"), name="report_by_status"),
        )

    def __str__(self) -> str:
        return f"Visit report {self.pk}"


class Attachment(models.Model):
    """A photo or file of a report. `name` is how the phone called it, without folders; `size` is in bytes.

    `kind` was told by the content, not by the name; photos carry no place data. `key` is the phone's own, so
    that a file sent twice is stored once.
    """

    class Kind(models.TextChoices):
        JPEG = "image/jpeg", "JPEG"
        PNG = "image/png", "PNG"
        WEBP = "image/webp", "WebP"
        PDF = "application/pdf", "PDF"

    report = models.ForeignKey(VisitReport, on_delete=models.CASCADE, related_name="attachments")
    key = models.CharField(max_length=64)
    kind = models.CharField(max_length=15, choices=Kind)
    name = models.CharField(max_length=120)
    file = models.FileField(upload_to="attachments/%Y/%m/", max_length=200)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("report", "key"), name="attachment_is_stored_once_per_report"),
        )

    def __str__(self) -> str:
        return self.name
