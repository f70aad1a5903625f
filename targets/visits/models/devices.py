"""Invitation, Device, Submission: how an employee's phones get in, and what they sent."""

from django.db import models

from ordinavo.tenants.models import User
from targets.visits.models.people import Employee


class Invitation(models.Model):
    """A link with which an employee sets a password; only the digest of its secret is kept."""

    employee = models.ForeignKey(Employee, on_delete=models.CASCADE, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the secret, in hex.")
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"Invitation of {self.created_at:%Y-%m-%d %H:%M}"


class Device(models.Model):
    """A phone or browser on which an employee is logged in. Its cookie holds a secret; we keep the digest.

    `login_hash` is what Django derives from the password at log-in: with another password the device is out.
    """

    employee = models.ForeignKey(Employee, on_delete=models.CASCADE, related_name="devices")
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the secret, in hex.")
    login_hash = models.CharField(max_length=128, editable=False)
    name = models.CharField(max_length=100, help_text="As the browser calls itself.")
    created_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)
    signed_out_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.name


class Submission(models.Model):
    """Something that an employee's phone sent under a key of its own, so that it can be sent again.

    `digest` is that of what was sent; `outcome` is what was answered.
    """

    employee = models.ForeignKey(Employee, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=64)
    action = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)
    outcome = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("employee", "key"), name="submission_key_is_unique_per_employee"),
        )

    def __str__(self) -> str:
        return f"{self.action} {self.key}"
