"""Other names of cities, as one tenant's addresses have them."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from customers.matching.towns import town_key
from ordinavo.tenants.models import Tenant, User

# All of a tenant's are read for each set of imports.
MOST_CITY_ALIASES = 1_000
_LONGEST = 100
_ALIKE = "Both names are read alike without an alias."


class CityAlias(models.Model):
    """Another name under which a city's addresses come: a district, a foreign or a former name.

    Read whenever addresses are compared, so a change holds from then on, for stored addresses too. The
    `*_key` columns hold the names as they are compared.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+", db_index=False)
    alias = models.CharField(max_length=_LONGEST, verbose_name="name in addresses")
    alias_key = models.CharField(max_length=_LONGEST, editable=False, blank=True)
    city = models.CharField(max_length=_LONGEST, verbose_name="city it stands for")
    city_key = models.CharField(max_length=_LONGEST, editable=False, blank=True)
    created_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("alias_key",)
        verbose_name_plural = "city aliases"
        constraints = (
            models.UniqueConstraint(
                fields=("tenant", "alias_key"),
                name="city_alias_stands_for_one_city",
                violation_error_message="This name stands for a city already.",
            ),
            models.CheckConstraint(
                name="city_alias_is_another_name",
                condition=~Q(alias_key="") & ~Q(city_key="") & ~Q(alias_key=F("city_key")),
                violation_error_message=_ALIKE,
            ),
        )

    def __str__(self) -> str:
        return f"{self.alias} stands for {self.city}"

    def clean(self) -> None:
        """Fill the keys; refuse names that say nothing, and one name too many."""
        # Some letters are several once they are taken apart.
        self.alias_key, self.city_key = (town_key(name)[:_LONGEST] for name in (self.alias, self.city))
        empty = [
            name for name in ("alias", "city") if getattr(self, name) and not getattr(self, f"{name}_key")
        ]
        if empty:
            raise ValidationError(dict.fromkeys(empty, "Write a name with letters or digits."))
        if self.alias_key and self.alias_key == self.city_key:
            raise ValidationError(_ALIKE)
        if (
            self._state.adding
            and CityAlias.objects.filter(tenant=self.tenant_id).count() >= MOST_CITY_ALIASES
        ):
            raise ValidationError(f"No more than {MOST_CITY_ALIASES} city aliases can be kept.")
