"""SourceSystem, IntegrationClient, ApiKey, IdempotencyRecord."""

import ipaddress

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from integrations.scopes import Scope
from ordinavo.tenants.models import Tenant

MINUTE_REQUESTS = 1000
_SCORE = [MinValueValidator(0.0), MaxValueValidator(1.0)]


class SourceSystem(models.Model):
    """An outside system as the tenant knows it; external ids are unique within it, across its clients."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="source_systems")
    key = models.CharField(
        max_length=50, validators=[RegexValidator(r"^[a-z][a-z0-9_]*$", "Use a-z, 0-9 and _.")]
    )
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(
                fields=("tenant", "key"),
                name="source_system_key_is_unique_per_tenant",
                violation_error_message="The tenant has a source system with this key.",
            ),
        )

    def __str__(self) -> str:
        return self.name


def validate_network(value: str) -> None:
    """Refuse what is no network in CIDR form (`203.0.113.0/24`, `2001:db8::/32`) and no address."""
    try:
        ipaddress.ip_network(value)
    except ValueError as exc:
        raise ValidationError(f"{value} is not an IP address or network.") from exc


class MappingStrategy(models.TextChoices):
    """How far an import may go to find a customer, location or contact."""

    EXTERNAL_ID_ONLY = "ExternalIdOnly", "External ids only"
    EXTERNAL_ID_FIRST = "ExternalIdFirst", "External ids, then the chosen fallbacks"
    EXTERNAL_ID_THEN_CUSTOMER_NUMBER = "ExternalIdThenCustomerNumber", "External ids, then customer number"
    EXTERNAL_ID_THEN_NAME_AND_ADDRESS = (
        "ExternalIdThenNameAndAddress",
        "External ids, customer number, then name and address",
    )
    MANUAL_ONLY = "ManualOnly", "Only what a manager decided"


class MappingFallback(models.TextChoices):
    """What `ExternalIdFirst` may look at when an external id is unknown."""

    CUSTOMER_NUMBER = "customerNumber", "Customer number"
    EMAIL = "email", "E-mail"
    PHONE = "phone", "Phone"


class Feature(models.TextChoices):
    """What a client may use beyond its scopes."""

    BILLING_WEBHOOKS = "billing_webhooks", "Billing webhooks"


class Environment(models.TextChoices):
    """Live clients belong to a tenant, test clients to its test twin."""

    LIVE = "live", "Live"
    TEST = "test", "Test"


class IntegrationClient(models.Model):
    """One outside system of one tenant: what its keys may do and how its records are mapped."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="integration_clients")
    source_system = models.ForeignKey(SourceSystem, on_delete=models.PROTECT, related_name="clients")
    name = models.CharField(max_length=200)
    active = models.BooleanField(default=True)
    scopes = ArrayField(models.CharField(max_length=40, choices=Scope), default=list, blank=True)
    features = ArrayField(models.CharField(max_length=40, choices=Feature), default=list, blank=True)
    ip_allowlist = ArrayField(
        models.CharField(max_length=49, validators=[validate_network]),
        default=list,
        blank=True,
        verbose_name="IP allowlist",
        help_text="Networks in CIDR form, v4 and v6; empty means anywhere.",
    )
    requests_per_minute = models.PositiveIntegerField(
        default=MINUTE_REQUESTS, validators=[MinValueValidator(1)]
    )

    mapping_strategy = models.CharField(
        max_length=40, choices=MappingStrategy, default=MappingStrategy.EXTERNAL_ID_FIRST
    )
    mapping_fallbacks = ArrayField(
        models.CharField(max_length=20, choices=MappingFallback), default=list, blank=True
    )
    link_score = models.FloatField(
        default=0.65,
        db_default=0.65,
        validators=_SCORE,
        verbose_name="link from score",
        help_text="By name and address, what scores as much is linked, if it is clear of the next best.",
    )
    review_score = models.FloatField(
        default=0.37,
        db_default=0.37,
        validators=_SCORE,
        verbose_name="review from score",
        help_text="What scores as much, but is not linked, waits for a manager; below, nothing is found.",
    )
    link_margin = models.FloatField(
        default=0.25,
        db_default=0.25,
        validators=[MinValueValidator(0.0), MaxValueValidator(0.5)],
        help_text="How clear of the next best it must be: 0 is not at all, 0.5 as clear as can be.",
    )
    create_customers = models.BooleanField(default=False)
    create_locations = models.BooleanField(default=False)
    create_contacts = models.BooleanField(default=False)
    update_customers = models.BooleanField(default=False)
    update_locations = models.BooleanField(default=False)
    update_contacts = models.BooleanField(default=False)

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(
                fields=("tenant", "name"),
                name="client_name_is_unique_per_tenant",
                violation_error_message="The tenant has a client with this name.",
            ),
            models.CheckConstraint(
                name="client_links_from_no_less_than_it_reviews",
                condition=Q(link_score__gte=F("review_score")),
                violation_error_message="What is linked must score at least what is reviewed.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def environment(self) -> Environment:
        """Follows from the tenant: clients of a test twin are test clients."""
        return Environment.TEST if self.tenant.is_test else Environment.LIVE

    def clean(self) -> None:
        """Refuse a source system of another tenant."""
        if self.source_system_id and self.tenant_id and self.source_system.tenant_id != self.tenant_id:
            raise ValidationError({"source_system": "The source system belongs to another tenant."})


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    """Keys by their state."""

    def working(self) -> "ApiKeyQuerySet":
        """Return the keys that open the door now."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()), revoked_at=None)


class ApiKey(models.Model):
    """A key of a client. Only the SHA-256 of the secret is kept; `visible_start` tells keys apart."""

    client = models.ForeignKey(IntegrationClient, on_delete=models.CASCADE, related_name="keys")
    label = models.CharField(max_length=100, blank=True)
    digest = models.BinaryField(max_length=32, unique=True, editable=False)
    visible_start = models.CharField(max_length=16, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_used_address = models.GenericIPAddressField(null=True, blank=True, editable=False)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)
        verbose_name = "API key"

    def __str__(self) -> str:
        return f"{self.visible_start}…"


class IdempotencyRecord(models.Model):
    """A good answer, given again to the same request; encrypted, since some answers hold secrets."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    client = models.ForeignKey(IntegrationClient, on_delete=models.CASCADE, related_name="+")
    method = models.CharField(max_length=6)
    path = models.CharField(max_length=200)
    key = models.CharField(max_length=255)
    request_digest = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField()
    answer = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("tenant", "client", "key", "method", "path"),
                name="one_answer_per_idempotency_key",
            ),
        )
        indexes = (models.Index(fields=("created_at",), name="idempotency_by_age"),)

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.key}"
