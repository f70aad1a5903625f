"""Filters of lists: their choices too are the tenant's own."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib.admin import ModelAdmin
from django.contrib.admin.filters import RelatedFieldListFilter, SimpleListFilter
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, ForeignKey, Model, QuerySet
from django.http import HttpRequest

from ordinavo.kernel.admin.scope import rows_for

MOST_CHOICES = 100


class TenantRelatedFilter(RelatedFieldListFilter):
    """Offers at most a hundred related rows, all of the tenant that the request works in."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        """Return (id, name) pairs."""
        rows = rows_for(field.remote_field.model, request, site=model_admin.admin_site)
        return [(row.pk, str(row)) for row in rows[:MOST_CHOICES]]


class ChoiceFilter(SimpleListFilter):
    """Offers fixed options: looking for those that occur would read the whole table.

    `unchosen` names what is shown while none of them is chosen; `narrow` does it, with "" for that case.
    """

    options: ClassVar[tuple[tuple[str, str], ...]] = ()
    unchosen: ClassVar[str] = "All"

    def narrow(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Return the rows that fit an option."""
        return rows.filter(**{str(self.parameter_name): value}) if value else rows

    def lookups(self, request: HttpRequest, model_admin: Any) -> tuple[tuple[str, str], ...]:
        """Return the options."""
        return self.options

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Name the first choice."""
        first, *others = super().choices(changelist)
        yield {**first, "display": self.unchosen}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow by what is known; anything else counts as not chosen."""
        value = self.value() or ""
        return self.narrow(queryset, value if value in dict(self.options) else "")


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
