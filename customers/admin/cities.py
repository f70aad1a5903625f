"""Other names of cities: read, added, changed and deleted by hand."""

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest

from customers.cities import CityAlias
from customers.matching.towns import town_key
from ordinavo.kernel.admin.base import TenantAdmin
from ordinavo.kernel.admin.forms import TenantForm
from ordinavo.tenants.staff import actor_of


class CityAliasForm(TenantForm):
    """Lets it be checked that a name stands for one city only, whatever its spelling."""

    class Meta:
        model = CityAlias
        fields = ("alias", "city")
        help_texts = {
            "alias": "As it comes in addresses, for instance “Cologne” or “Köln-Deutz”.",
            "city": "As most of your addresses have it, for instance “Köln”.",
        }

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - {"alias_key"}


@admin.register(CityAlias)
class CityAliasAdmin(TenantAdmin):
    """Names that mean one city where records are looked for by name and address."""

    form = CityAliasForm
    list_display = ("alias", "city", "created_by", "created_at")
    list_select_related = ("created_by",)
    search_fields = ("alias_key^", "city_key^")
    search_help_text = "Start of either name"
    empty_hint = (
        "Add “Cologne” for “Köln”, and addresses of both are taken for one city "
        "where records are looked for by name and address."
    )
    fields = (("alias", "city"),)

    def prepare(self, request: HttpRequest, row: Any) -> None:
        """Say who taught it."""
        super().prepare(request, row)
        if row._state.adding:
            row.created_by = actor_of(request)

    def found_by(self, term: str, request: HttpRequest) -> Q:
        """Start of the alias or of the city, in any spelling."""
        key = town_key(term)
        return Q(alias_key__startswith=key) | Q(city_key__startswith=key) if key else Q(pk=None)
