"""Base classes of all admin pages. A page that inherits from them cannot show another tenant's rows."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline
from unfold.paginator import InfinitePaginator

from ordinavo.kernel.admin import audit
from ordinavo.kernel.admin.columns import column
from ordinavo.kernel.admin.filters import tenant_filters
from ordinavo.kernel.admin.forms import TenantForm
from ordinavo.kernel.admin.scope import rows_for, scoped, tenant_of


class TenantScope:
    """What pages and inlines share. `tenant_path` leads from a row to the id of its tenant."""

    tenant_path: ClassVar[str] = "tenant"
    form = TenantForm

    def tenant_for(self, request: HttpRequest) -> Any:
        """Return the tenant whose rows this page shows, or None."""
        return tenant_of(request)

    def scope(self, rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        """Return those of the rows that the request may see."""
        return scoped(rows, tenant=self.tenant_for(request), request=request, path=self.tenant_path)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Scope everything that Django looks up for this page."""
        rows: QuerySet[Any] = super().get_queryset(request)  # type: ignore[misc]
        return self.scope(rows, request)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer, and accept, only related rows of the tenant."""
        site: Any = self.admin_site  # type: ignore[attr-defined]
        kwargs["queryset"] = rows_for(db_field.remote_field.model, request, site=site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    # Looking at all tenants is for reading: a change needs to know whose it is.
    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Refuse while no tenant is chosen."""
        allowed: bool = super().has_add_permission(request, *args)  # type: ignore[misc]
        return allowed and bool(self.tenant_for(request))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse while no tenant is chosen."""
        allowed: bool = super().has_change_permission(request, obj)  # type: ignore[misc]
        return allowed and bool(self.tenant_for(request))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse while no tenant is chosen."""
        allowed: bool = super().has_delete_permission(request, obj)  # type: ignore[misc]
        return allowed and bool(self.tenant_for(request))


class TenantAdmin(TenantScope, ModelAdmin):
    """A page of one tenant's rows: no counting, no sorting by unindexed columns, exact search.

    `search_fields` are compared as they stand (`external_id`) or from their start (`name_key^`), never with
    `LIKE '%…%'`, which reads every row. Pages with more to search override `found_by`.
    """

    paginator = InfinitePaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_disable_select_all = True
    list_filter_submit = False
    sortable_by: Any = ()
    actions: Any = ()
    empty_title: ClassVar[str] = ""
    empty_hint: ClassVar[str] = ""
    list_fullwidth = True

    def get_list_filter(self, request: HttpRequest) -> Any:
        """Scope the choices of related filters."""
        return tenant_filters(self, super().get_list_filter(request))

    def get_list_display(self, request: HttpRequest) -> Any:
        """Say whose a row is while rows of all tenants are shown."""
        columns = super().get_list_display(request)
        return columns if self._is_own_tenants(request) else (*columns, "whose")

    def get_list_select_related(self, request: HttpRequest) -> Any:
        """Fetch the tenants along where they are shown."""
        related = tuple(self.list_select_related or ())
        return related if self._is_own_tenants(request) else (*related, self.tenant_path)

    def _is_own_tenants(self, request: HttpRequest) -> bool:
        return self.tenant_path == "pk" or bool(self.tenant_for(request))

    @column("Tenant")
    def whose(self, row: Any) -> str:
        """The name of the row's tenant."""
        found = row
        for step in self.tenant_path.split("__"):
            found = getattr(found, step, None)
        return str(found or "")

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """Show related rows once there is something to relate them to."""
        return super().get_inlines(request, obj) if obj else ()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find by `found_by`; also for autocomplete."""
        term = search_term.replace("\0", "").strip()
        return (queryset.filter(self.found_by(term, request)) if term else queryset), False

    def found_by(self, term: str, request: HttpRequest) -> Q:
        """Return the condition under which a row is found by `term` (never empty)."""
        found = Q()
        for field in self.search_fields:
            name = f"{field[:-1]}__startswith" if field.endswith("^") else field
            found |= Q(**{name: term})
        return found

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Return a form class, made for this request, that knows the tenant."""
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.tenant = self.tenant_for(request)
        return form

    def prepare(self, request: HttpRequest, row: Any) -> None:
        """Fill in what a form does not hold, right before a row (of the page or an inline) is saved."""
        if hasattr(row, "tenant_id") and row._state.adding:
            row.tenant_id = self.tenant_for(request).pk

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Prepare, then save."""
        self.prepare(request, obj)
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Prepare each row of an inline, then save."""
        for row in formset.save(commit=False):
            self.prepare(request, row)
        super().save_formset(request, form, formset, change)

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """Write Django's log entry and the audit entry."""
        audit.tell(request, obj, "added", {})
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """Write Django's log entry and the audit entry, with the names of the fields."""
        audit.tell(request, obj, "changed", {"changes": message})
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        """Write a log entry and an audit entry for each row that goes."""
        for row in queryset:
            audit.tell(request, row, "deleted", {"was": str(row)})
        return super().log_deletions(request, queryset)


class ReadOnly:
    """Nobody adds, changes or deletes these rows by hand, operators included."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


class KeptForGood:
    """Rows that are switched off, never deleted: others point at them."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


class _TenantInline(TenantScope):
    extra = 0
    show_change_link = True

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Return a formset class, made for this request, whose forms know the tenant."""
        formset: Any = super().get_formset(request, obj, **kwargs)  # type: ignore[misc]
        formset.form.tenant = self.tenant_for(request)
        return formset


class TenantTabularInline(_TenantInline, TabularInline):
    """A table of a row's related rows."""
