"""What searches by name and address need of a tenant: keys of records, and what is frequent."""

from django.db import models

from ordinavo.tenants.models import Tenant


class SearchKey(models.Model):
    """A key that a customer, or one of its locations, is found under (`customers.matching.keys`).

    Kept for tenants only whose clients map by name and address. A key of a record that is gone speaks of
    nobody and is cleared away at night: nothing checks or follows these links.
    """

    tenant = models.ForeignKey(
        Tenant, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    key = models.IntegerField()
    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.DO_NOTHING,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    location = models.ForeignKey(
        "customers.Location",
        on_delete=models.DO_NOTHING,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )

    class Meta:
        indexes = (
            models.Index(fields=("tenant", "key"), name="search_key", include=("customer", "location")),
            models.Index(fields=("customer",), name="search_key_of_customer"),
        )

    def __str__(self) -> str:
        return f"{self.key}: {self.customer_id}"


class MatchingProfile(models.Model):
    """How a tenant's records are found: how far its keys are written, what is frequent, and own weights.

    `counts` holds words, streets, cities and postcodes that are frequent, with their numbers; `neighbours`
    how many others a customer shares its house with. `weights` are those that were estimated (null: the
    shipped ones). `ready_at` is null until all keys are written.
    """

    tenant = models.OneToOneField(Tenant, on_delete=models.CASCADE, related_name="+")
    keyed_to = models.BigIntegerField(default=0, help_text="Id of the last customer whose keys are written.")
    ready_at = models.DateTimeField(null=True, blank=True)
    refreshed_at = models.DateTimeField(null=True, blank=True)
    customers = models.PositiveIntegerField(default=0)
    sites = models.PositiveIntegerField(default=0)
    neighbours = models.FloatField(default=0.2)
    counts = models.JSONField(default=dict)
    weights = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"Matching of {self.tenant_id}"
