"""Tenants, for operators; and the switch that everybody has: live or test, for operators any tenant."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from ordinavo.kernel.admin.base import KeptForGood, TenantAdmin
from ordinavo.kernel.admin.columns import column
from ordinavo.tenants.middleware import SESSION_KEY, tenants_open_to
from ordinavo.tenants.models import Tenant


@require_POST
def switch_tenant(request: HttpRequest) -> HttpResponse:
    """Work in another tenant from now on; an empty choice means all, which only operators may see."""
    wanted = request.POST.get("tenant", "")
    tenant = (
        tenants_open_to(request.user).filter(pk=wanted).first()
        if wanted.isascii() and wanted.isdigit()
        else None
    )
    if wanted and tenant is None:
        raise Http404
    request.session[SESSION_KEY] = tenant.pk if tenant else None
    messages.info(request, f"You are now working in {tenant or 'all tenants'}.")
    return HttpResponseRedirect(_way_back(request))


def _way_back(request: HttpRequest) -> str:
    # Not to the page of a row: it belongs to the tenant that was just left.
    back = request.POST.get("next", "")
    same_site = url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return back if same_site else reverse("admin:index")


@admin.register(Tenant)
class TenantPage(KeptForGood, TenantAdmin):
    """Companies and their test twins. New ones are made with `create_tenant`, together with their twin."""

    tenant_path = "pk"
    list_display = ("name", "slug", "kind", "time_zone", "country", "currency", "created_at")
    list_select_related = ("twin_of",)
    search_fields = ("slug", "name^")
    search_help_text = "Slug or start of the name"
    empty_hint = "Make the first one with manage.py create_tenant."
    readonly_fields = ("slug", "kind", "created_at")
    fieldsets = (
        (None, {"fields": (("name", "slug"), ("kind", "created_at"))}),
        ("Region", {"fields": ("time_zone", ("country", "currency"))}),
        ("Log-in", {"fields": ("requires_second_factor",)}),
        ("Planning defaults", {"fields": (("default_estimated_work_minutes", "default_priority"),)}),
    )

    def get_urls(self) -> list[Any]:
        """Add the switch, which all staff may use."""
        switch = path("switch/", self.admin_site.admin_view(switch_tenant), name="switch_tenant")
        return [switch, *super().get_urls()]

    def get_readonly_fields(self, request: HttpRequest, obj: Tenant | None = None) -> Any:
        """Keep the log-in of a test twin from being set: its people are those of the live tenant."""
        is_twin = obj is not None and obj.is_test
        return (*self.readonly_fields, "requires_second_factor") if is_twin else self.readonly_fields

    def scope(self, rows: QuerySet[Tenant], request: HttpRequest) -> QuerySet[Tenant]:
        """Show operators all tenants, whichever they work in."""
        return rows if request.user.is_superuser else super().scope(rows, request)

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Never here: a tenant comes with its twin."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Operators."""
        return bool(request.user.is_active and request.user.is_superuser)

    @column("Kind", marks={"Live": "good", "Test": "warn"})
    def kind(self, row: Tenant) -> str:
        """Live, or somebody's test twin."""
        return "Test" if row.is_test else "Live"
