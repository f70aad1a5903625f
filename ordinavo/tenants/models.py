"""User, tenant, membership, audit."""

import zoneinfo
from typing import Any, ClassVar

import pycountry
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

from ordinavo.kernel.choices import Priority

# Django looks for models here only.
from ordinavo.tenants.doors import FailedLogins, RecoveryCode, SecondFactor  # noqa: F401

MINUTES_A_DAY = 1440


class UserManager(BaseUserManager["User"]):
    """Makes users who log in with their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Return a new user; the address is compared without regard to case."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Return a new operator, who sees every tenant."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find by e-mail address, whatever its case."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractUser):
    """A person who logs in, by e-mail address; what they may do follows from their membership."""

    username = None  # type: ignore[assignment]
    email = models.EmailField("e-mail address", unique=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.get_full_name() or self.email


def validate_zone(value: str) -> None:
    """Refuse what is no IANA time zone."""
    if value not in zoneinfo.available_timezones():
        raise ValidationError(f"{value} is not a time zone.")


def validate_country(value: str) -> None:
    """Refuse what is no ISO 3166-1 alpha-2 code in capitals."""
    if pycountry.countries.get(alpha_2=value) is None or not value.isupper():
        raise ValidationError(f"{value} is not an ISO 3166-1 alpha-2 country code.")


def validate_currency(value: str) -> None:
    """Refuse what is no ISO 4217 code in capitals."""
    if pycountry.currencies.get(alpha_3=value) is None or not value.isupper():
        raise ValidationError(f"{value} is not an ISO 4217 currency code.")


class Tenant(models.Model):
    """A company that works with Ordinavo. Its test twin is a tenant too: nothing there is planned or billed.

    Defaults hold for a target whose sender, location, customer and template say nothing.
    """

    slug = models.CharField(
        max_length=50,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*$", "Use a-z, 0-9 and hyphens.")],
    )
    name = models.CharField(max_length=200)
    twin_of = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="twin",
        verbose_name="test twin of",
    )
    time_zone = models.CharField(max_length=64, default="Europe/Berlin", validators=[validate_zone])
    country = models.CharField(max_length=2, default="DE", validators=[validate_country])
    currency = models.CharField(max_length=3, default="EUR", validators=[validate_currency])
    default_priority = models.CharField(max_length=6, choices=Priority, default=Priority.NORMAL)
    default_estimated_work_minutes = models.PositiveSmallIntegerField(
        default=30, validators=[MinValueValidator(1), MaxValueValidator(MINUTES_A_DAY)]
    )
    keeps_search_keys = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="Whether customers are kept ready to be found by name and address.",
    )
    requires_second_factor = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Staff then need an authenticator app beside the password; whoever has none sets it up at"
        " the next log-in.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def is_test(self) -> bool:
        """Whether this is somebody's test twin."""
        return self.twin_of_id is not None


class Role(models.TextChoices):
    """What a person does in their tenant; each role is a group with the permissions that the apps declare."""

    ADMIN = "admin", "Administrator"
    MANAGER = "manager", "Manager"
    DISPATCHER = "dispatcher", "Dispatcher"
    SUPPORT = "support", "Support"
    EMPLOYEE = "employee", "Employee"


class Membership(models.Model):
    """Which tenant a user works for, and as what; it covers the tenant and its test twin."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="membership")
    tenant = models.ForeignKey(
        Tenant, on_delete=models.PROTECT, related_name="memberships", limit_choices_to=Q(twin_of=None)
    )
    role = models.CharField(max_length=12, choices=Role)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"


class AuditEntry(models.Model):
    """What somebody changed: append-only. `tenant` is null for what belongs to no tenant."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, null=True, related_name="audit_entries")
    actor = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    action = models.CharField(max_length=64)
    subject_type = models.CharField(max_length=64)
    subject_id = models.BigIntegerField()
    details = models.JSONField(default=dict)
    correlation_id = models.CharField(max_length=128, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "audit entries"
        indexes = (
            models.Index(fields=("tenant", "-created_at"), name="audit_newest_first"),
            models.Index(fields=("subject_type", "subject_id"), name="audit_by_subject"),
        )

    def __str__(self) -> str:
        return f"{self.action} {self.subject_type} {self.subject_id}"


class ManagerNotice(models.Model):
    """Something that the tenant's managers must know and that asks for a hand; also sent to them by e-mail.

    `link` is a path in the admin. `mailed_at` stays empty until the e-mail is out: the row is the queue.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    link = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    mailed_at = models.DateTimeField(null=True, blank=True, editable=False)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("tenant", "-id"), name="notice_newest_first"),
            models.Index(fields=("id",), name="notice_to_mail", condition=Q(mailed_at=None)),
        )

    def __str__(self) -> str:
        return self.title
