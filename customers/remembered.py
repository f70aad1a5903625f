"""What managers taught us about records: other names that they go by, and which of them are not meant."""

from django.db import models
from django.db.models import Q

from integrations.models import SourceSystem
from ordinavo.tenants.models import Tenant, User


class Alias(models.Model):
    """Another name of a customer or location, learned from a decision. `name_key` is for look-ups."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.CASCADE, null=True, blank=True, related_name="aliases"
    )
    location = models.ForeignKey(
        "customers.Location", on_delete=models.CASCADE, null=True, blank=True, related_name="aliases"
    )
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, editable=False)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "aliases"
        constraints = (
            models.CheckConstraint(
                name="alias_is_of_one_record",
                condition=Q(customer__isnull=False, location=None) | Q(customer=None, location__isnull=False),
                violation_error_message="Name a customer or a location.",
            ),
            models.UniqueConstraint(
                fields=("tenant", "customer", "name_key"),
                condition=Q(customer__isnull=False),
                name="alias_is_kept_once_per_customer",
                violation_error_message="The customer is known by this name already.",
            ),
            models.UniqueConstraint(
                fields=("tenant", "location", "name_key"),
                condition=Q(location__isnull=False),
                name="alias_is_kept_once_per_location",
                violation_error_message="The location is known by this name already.",
            ),
        )
        indexes = (models.Index(fields=("tenant", "name_key"), name="alias_by_name"),)

    def __str__(self) -> str:
        return self.name


class RefusedPair(models.Model):
    """A manager said that what a source system sends under `record_key` is not this record of ours.

    `record_key` is that of reviews: the external id or a digest of the normalised data. A record that is
    deleted leaves its line, which then speaks of nobody: ids are never given twice.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+", db_index=False)
    source_system = models.ForeignKey(SourceSystem, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8)
    record_key = models.CharField(max_length=128)
    record_id = models.BigIntegerField()
    refused_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("tenant", "source_system", "kind", "record_key", "record_id"),
                name="pair_is_refused_once",
                violation_error_message="This record was refused for it already.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.record_key[:12]} is not {self.record_id}"
