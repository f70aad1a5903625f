"""Subscriptions: where clients want to be told, how their receivers do, and what staff can do about it."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin

from ordinavo.kernel.admin import show
from ordinavo.kernel.admin.base import KeptForGood, TenantAdmin
from ordinavo.kernel.admin.columns import column, lever
from ordinavo.kernel.admin.scope import tenant_of
from ordinavo.kernel.errors import DomainError
from ordinavo.tenants.staff import actor_of
from webhooks.admin import subscription_pages as pages
from webhooks.admin.figures import NONE, figures_of, length
from webhooks.admin.filters import StateFilter
from webhooks.admin.forms import SubscriptionForm
from webhooks.admin.links import shortened
from webhooks.admin.lists import CompletedList
from webhooks.admin.subscription_live import live, settings_of
from webhooks.marks import SUBSCRIPTION_STATE, state_of
from webhooks.models import Subscription
from webhooks.services.subscriptions import DEFAULT_OPTIONS, change_subscription, create_subscription

_ASKED = (None, {"fields": ("url", "description", "event_types")})
_OPTIONS = ("What is told beside what happened", {"fields": tuple(DEFAULT_OPTIONS)})


@admin.register(Subscription)
class SubscriptionAdmin(KeptForGood, TenantAdmin):
    """Managers steer them; whoever may see secrets adds and changes them."""

    form = SubscriptionForm
    list_display = ("name", "client", "types", "state", "success", "latency", "trouble")
    list_filter = (StateFilter, "client")
    list_select_related = ("client",)
    search_fields = ("description^", "url^")
    search_help_text = "Start of the description or of the URL"
    empty_hint = "Clients make them by the API; here you can add one for a client. Its secret is shown once."
    readonly_fields = ("overview", "settings_shown")
    actions_detail = (
        "test",
        "replay",
        "pause",
        "activate",
        {"title": "More", "icon": "more_horiz", "items": ["rotate", "end_overlap", "remove"]},
    )

    def get_urls(self) -> list[Any]:
        """Add the part of the page that renews itself."""
        view = self.admin_site.admin_view(self.watch)
        return [
            path("<path:object_id>/live/", view, name="webhooks_subscription_live"),
            *super().get_urls(),
        ]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[CompletedList]:
        """Complete the rows of a page with their figures."""
        return CompletedList

    def complete(self, rows: list[Any]) -> None:
        """Add the figures, read for the whole page at once."""
        figures = figures_of([row.pk for row in rows])
        for row in rows:
            row.figures = figures.get(row.pk, NONE)

    # --- Who may -----------------------------------------------------------------------------------------
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may add one, while it is not deleted: a form can do all that a new one can."""
        return self.has_add_permission(request) and not (obj and obj.deleted_at)

    def has_steer_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Managers, once a tenant is chosen, while it is not deleted."""
        row = self._row(request, object_id)
        allowed = request.user.has_perm("webhooks.change_subscription") and tenant_of(request)
        return bool(allowed and row and not row.deleted_at)

    def has_manage_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whoever may see secrets."""
        row = self._row(request, object_id)
        return row is not None and self.has_change_permission(request, row)

    def has_pause_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """While it is on."""
        row = self._row(request, object_id)
        return row is not None and row.active and self.has_steer_permission(request, object_id)

    def has_activate_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """While it is off."""
        row = self._row(request, object_id)
        return row is not None and not row.active and self.has_steer_permission(request, object_id)

    def has_end_overlap_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """While there is an old secret."""
        row = self._row(request, object_id)
        two = row is not None and row.previous_secret_token is not None
        return two and self.has_manage_permission(request, object_id)

    def _row(self, request: HttpRequest, object_id: str | None) -> Subscription | None:
        """Return the subscription of the page, read once per request: each button asks for it."""
        if object_id is None:
            return None
        read: dict[str, Any] = request.__dict__.setdefault("_shown_subscriptions", {})
        if object_id not in read:
            read[object_id] = self.get_object(request, object_id)
        row: Subscription | None = read[object_id]
        return row

    # --- What can be done --------------------------------------------------------------------------------
    @lever("Send a test", icon="send", permissions=["steer"])
    def test(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Send an example."""
        return pages.test_page(self, request, object_id)

    @lever("Replay", icon="replay", permissions=["steer"])
    def replay(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Send again what was missed."""
        return pages.replay_page(self, request, object_id)

    @lever("Pause", icon="pause", permissions=["pause"])
    def pause(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Switch it off."""
        return pages.pause_page(self, request, object_id)

    @lever("Activate", icon="play_arrow", permissions=["activate"])
    def activate(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Switch it on."""
        return pages.activate_page(self, request, object_id)

    @lever("Rotate secret", icon="key", permissions=["manage"])
    def rotate(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Sign with a new secret."""
        return pages.rotate_page(self, request, object_id)

    @lever("End overlap", icon="key_off", permissions=["end_overlap"])
    def end_overlap(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Sign with the new secret only."""
        return pages.end_overlap_page(self, request, object_id)

    @lever("Delete", icon="delete", permissions=["manage"])
    def remove(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Switch it off for good."""
        return pages.delete_page(self, request, object_id)

    # --- The form ----------------------------------------------------------------------------------------
    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show how it does above what it is; those who can't change it get that in words."""
        if obj is None:
            who = ("Who is told", {"fields": ("client",)})
            return (who, ("Of what, and where", _ASKED[1]), _OPTIONS)
        above = (None, {"fields": ("overview",)})
        if not self.has_change_permission(request, obj):
            return (above, (None, {"fields": ("settings_shown",)}))
        return (above, ("Settings", _ASKED[1]), _OPTIONS)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Say what a service refuses although the form was in order: somebody else was faster."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return HttpResponseRedirect(request.path)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Leave it to the services."""
        given = form.cleaned_data
        texts = {name: given[name] for name in ("url", "event_types", "description")}
        options = {name: given[name] for name in DEFAULT_OPTIONS}
        actor = actor_of(request)
        if change:
            change_subscription(subscription=obj, **texts, options=options, actor=actor)
            return
        made, obj.new_secret = create_subscription(
            client=given["client"], **texts, options=options, actor=actor
        )
        obj.pk, obj._state.adding = made.pk, False

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> Any:
        """Show the secret, once."""
        return pages.secret_page(self, request, obj, obj.new_secret)

    # The services write the audit entry.
    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        """Write Django's log entry only."""
        entry: LogEntry = ModelAdmin.log_addition(self, request, obj, message)
        return entry

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        """Write Django's log entry only."""
        entry: LogEntry = ModelAdmin.log_change(self, request, obj, message)
        return entry

    # --- What is shown -----------------------------------------------------------------------------------
    def watch(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Return the part of the page that renews itself."""
        row = self._row(request, object_id) if self.has_view_permission(request) else None
        if row is None:
            raise Http404
        return TemplateResponse(request, "admin/webhooks/subscription_live.html", live(row))

    @column("Health")
    def overview(self, row: Subscription) -> SafeString:
        """How it does, and its last deliveries."""
        return render_to_string("admin/webhooks/subscription_live.html", live(row))

    @column("Settings")
    def settings_shown(self, row: Subscription) -> SafeString:
        """What it asks for."""
        return show.facts(settings_of(row))

    @column("Subscription")
    def name(self, row: Subscription) -> SafeString | str:
        """What people call it, and its URL."""
        if not row.description:
            return shortened(row.url)
        url = shortened(row.url)
        return format_html('{}<br><span class="ord-quiet ord-small">{}</span>', row.description, url)

    @column("Event types")
    def types(self, row: Subscription) -> str:
        """The first few it asks for."""
        return _few(row.event_types)

    @column("State", marks=SUBSCRIPTION_STATE)
    def state(self, row: Subscription) -> str:
        """How it stands, as a badge."""
        return state_of(row)

    @column("Success")
    def success(self, row: Any) -> SafeString | str:
        """The share of its last attempts that succeeded."""
        figures = row.figures
        return show.mark(f"{figures.percent} %", figures.kind) if figures.attempts else show.NOTHING

    @column("Median")
    def latency(self, row: Any) -> str:
        """How long its last attempts took, half of them longer."""
        return show.NOTHING if row.figures.median_ms is None else length(row.figures.median_ms)

    @column("Trouble")
    def trouble(self, row: Subscription) -> SafeString | str:
        """How often it has failed, and since when."""
        if not row.failure_streak:
            return ""
        since = show.when(row.failing_since)
        return format_html(
            '<span class="ord-whole">{} in a row<br>since {}</span>', row.failure_streak, since
        )


def _few(names: Sequence[str], *, most: int = 2) -> str:
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")
