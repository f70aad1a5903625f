"""Integration clients: who they are, what they may do, how their records are mapped; their keys."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from integrations.admin import key_pages
from integrations.admin.forms import ClientForm
from integrations.models import ApiKey, IntegrationClient
from ordinavo.kernel.admin import show
from ordinavo.kernel.admin.base import KeptForGood, ReadOnly, TenantAdmin, TenantTabularInline
from ordinavo.kernel.admin.columns import column, lever
from ordinavo.kernel.admin.scope import tenant_of

KEY_STATES = {"Works": "good", "Expired": "warn", "Revoked": "bad"}
_SWITCHES = ("customers", "locations", "contacts")


class KeyInline(ReadOnly, TenantTabularInline):
    """A client's keys. Their secrets are not stored, so there is nothing more to see."""

    model = ApiKey
    tenant_path = "client__tenant"
    fields = readonly_fields = ("start", "label", "state", "created_at", "expires_at", "last_use", "levers")
    verbose_name_plural = "keys"
    hide_title = True
    per_page = 20
    show_change_link = False

    @column("Key")
    def start(self, row: ApiKey) -> SafeString:
        """Its visible start."""
        return format_html("<code>{}…</code>", row.visible_start)

    @column("State", marks=KEY_STATES)
    def state(self, row: ApiKey) -> str:
        """Whether it opens the door now."""
        return state_of(row)

    @column("Last use")
    def last_use(self, row: ApiKey) -> str:
        """When, and from which address."""
        return f"{show.when(row.last_used_at)} from {row.last_used_address}" if row.last_used_at else "never"

    @column("")
    def levers(self, row: ApiKey) -> SafeString | str:
        """Rotate and revoke, while it works."""
        if state_of(row) != "Works":
            return ""
        return format_html(
            '<a class="ord-link" href="{}">Rotate</a> <a class="ord-link ord-danger" href="{}">Revoke</a>',
            reverse("admin:rotate_key", args=[row.client_id, row.pk]),
            reverse("admin:revoke_key", args=[row.client_id, row.pk]),
        )


@admin.register(IntegrationClient)
class IntegrationClientAdmin(KeptForGood, TenantAdmin):
    """One outside system each. Its keys inherit all that is set here."""

    form = ClientForm
    list_display = (
        "name",
        "source_system",
        "environment_mark",
        "state",
        "strategy",
        "scope_count",
        "created_at",
    )
    list_filter = ("active", "source_system")
    list_select_related = ("source_system", "tenant")
    search_fields = ("name^", "source_system__key")
    search_help_text = "Start of the name, or key of the source system"
    empty_hint = "Add a client for the system that shall send targets, then issue its first key."
    inlines = (KeyInline,)
    actions_detail = ("issue_key", "try_mapping")
    fieldsets = (
        ("Who", {"fields": (("name", "source_system"), "active")}),
        ("What it may do", {"fields": ("scopes", "features"), "classes": ("tab",)}),
        (
            "Mapping",
            {
                "fields": (
                    "mapping_strategy",
                    "mapping_fallbacks",
                    ("link_score", "review_score", "link_margin"),
                    tuple(f"create_{kind}" for kind in _SWITCHES),
                    tuple(f"update_{kind}" for kind in _SWITCHES),
                ),
                "description": "Creating and updating also need the scope customers.write.",
                "classes": ("tab",),
            },
        ),
        ("From where", {"fields": ("ip_allowlist", "requests_per_minute"), "classes": ("tab",)}),
    )

    def get_urls(self) -> list[Any]:
        """Add the pages of keys."""
        view = self.admin_site.admin_view
        return [
            path("<path:object_id>/keys/issue/", view(partial(key_pages.issue, self)), name="issue_key"),
            path(
                "<path:object_id>/keys/<int:key_id>/rotate/",
                view(partial(key_pages.rotate, self)),
                name="rotate_key",
            ),
            path(
                "<path:object_id>/keys/<int:key_id>/revoke/",
                view(partial(key_pages.revoke, self)),
                name="revoke_key",
            ),
            *super().get_urls(),
        ]

    def may_handle_keys(self, request: HttpRequest) -> bool:
        """Whoever may add keys, once a tenant is chosen."""
        return bool(request.user.has_perm("integrations.add_apikey") and tenant_of(request))

    def has_key_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Guard the button; a permission named with a dot would make unfold's checks need a database."""
        return self.may_handle_keys(request)

    @lever("Issue a key", icon="vpn_key", permissions=["key"])
    def issue_key(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Lead to the page that issues a key."""
        return HttpResponseRedirect(reverse("admin:issue_key", args=[object_id]))

    def has_trying_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Guard the button: whoever decides about records in doubt."""
        return bool(request.user.has_perm("imports.change_mappingreview") and tenant_of(request))

    @lever("Try mapping settings", icon="science", permissions=["trying"])
    def try_mapping(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Lead to the page that says what other settings would have made of the latest imports."""
        return HttpResponseRedirect(reverse("admin:try_mapping", args=[object_id]))

    @column("Environment", marks={"Live": "good", "Test": "warn"})
    def environment_mark(self, row: IntegrationClient) -> str:
        """Live or test, as its tenant is."""
        return row.environment.label

    @column("State", marks={"Active": "good", "Inactive": "bad"})
    def state(self, row: IntegrationClient) -> str:
        """Whether its keys are accepted."""
        return "Active" if row.active else "Inactive"

    @column("Mapping")
    def strategy(self, row: IntegrationClient) -> str:
        """How far its imports go to find a customer."""
        return row.get_mapping_strategy_display()

    @column("Scopes")
    def scope_count(self, row: IntegrationClient) -> int:
        """How many scopes it holds."""
        return len(row.scopes)


def state_of(key: ApiKey) -> str:
    """Return `Works`, `Expired` or `Revoked`."""
    if key.revoked_at is not None:
        return "Revoked"
    return "Expired" if key.expires_at is not None and key.expires_at <= timezone.now() else "Works"
