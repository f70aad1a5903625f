"""Filters of lists: their choices too are the tenant's own."""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.contrib.admin.filters import RelatedFieldListFilter
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, ForeignKey, Model
from django.http import HttpRequest

from ordinavo.kernel.admin.scope import rows_for

MOST_CHOICES = 100


class TenantRelatedFilter(RelatedFieldListFilter):
    """Offers at most a hundred related rows, all of the tenant that the request works in."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        """Return (id, name) pairs."""
        rows = rows_for(field.remote_field.model, request, site=model_admin.admin_site)
        return [(row.pk, str(row)) for row in rows[:MOST_CHOICES]]


def _relation(model: type[Model], name: object) -> bool:
    if not isinstance(name, str):
        return False
    try:
        field: Field[Any, Any] | Any = model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return isinstance(field, ForeignKey)


def tenant_filters(model_admin: "ModelAdmin[Any]", filters: Any) -> list[Any]:
    """Put the scoped filter wherever a list would filter by a related row."""
    model = model_admin.model
    return [(entry, TenantRelatedFilter) if _relation(model, entry) else entry for entry in filters]
