"""What stands between a password and a session: failed log-ins, the second factor, recovery codes."""

from django.conf import settings
from django.db import models


class FailedLogins(models.Model):
    """Failures at one door: an account, seen from one network. `account` is a keyed digest."""

    account = models.BinaryField(max_length=32)
    network = models.CharField(max_length=49, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="failed_logins"
    )
    failures = models.PositiveSmallIntegerField()
    last_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "failed logins"
        constraints = (
            models.UniqueConstraint(fields=("account", "network"), name="failures_are_counted_once_per_door"),
        )
        indexes = (models.Index(fields=("last_at",), name="failed_logins_by_age"),)

    def __str__(self) -> str:
        return f"{self.failures} failures"


class SecondFactor(models.Model):
    """A person's authenticator app. `secret` is encrypted; it counts from `confirmed_at` on.

    `last_step` is the time step of the last code that was taken: none is taken twice.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="second_factor"
    )
    secret = models.BinaryField()
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return "confirmed" if self.confirmed_at else "begun"


class RecoveryCode(models.Model):
    """One of a person's codes for the day on which the phone is gone. Only its SHA-256 is kept."""

    factor = models.ForeignKey(SecondFactor, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.BinaryField(max_length=32)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("factor", "digest"), name="recovery_codes_differ_per_person"),
        )

    def __str__(self) -> str:
        return "used" if self.used_at else "unused"
