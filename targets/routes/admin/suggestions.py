"""Route suggestions: the list, and the page on which a day is understood, changed and published."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince

from ordinavo.kernel.admin import show
from ordinavo.kernel.admin.base import KeptForGood, TenantAdmin
from ordinavo.kernel.admin.columns import column, lever
from ordinavo.kernel.admin.scope import tenant_of
from targets.routes.admin import edits, steps
from targets.routes.admin.asking import new_page
from targets.routes.admin.result import live, result
from targets.routes.admin.tables import count_of
from targets.routes.marks import SUGGESTION_STATUS
from targets.routes.models import Route, RouteSuggestion
from targets.routes.selectors.suggestions import with_rest

Status = RouteSuggestion.Status
_LONGEST_NUMBER = 18


@admin.register(RouteSuggestion)
class RouteSuggestionAdmin(KeptForGood, TenantAdmin):
    """Made by asking, changed by its own menus, never by a form."""

    change_form_template = "admin/routes/suggestion.html"
    list_display = ("number", "route_date", "status_mark", "figures", "asked_by", "age")
    list_display_links = ("number", "route_date")
    list_filter = ("status", "route_date", "client")
    list_select_related = ("client", "created_by")
    ordering = ("-id",)
    search_fields = ("correlation_id",)
    search_help_text = "Number or correlation id"
    empty_hint = "Choose a day and targets, and see who could go where."
    readonly_fields = fields = ("number",)
    actions_detail = ("publish", "replan", "discard", "cancel")

    def get_urls(self) -> list[Any]:
        """Add the part that renews itself, the menu of a target, and taking a route back."""
        view, name = self.admin_site.admin_view, "routes_routesuggestion"
        return [
            path("<path:object_id>/live/", view(self.watch), name=f"{name}_live"),
            path(
                "<path:object_id>/targets/<int:target_id>/",
                view(partial(edits.menu, self)),
                name=f"{name}_menu",
            ),
            path(
                "<path:object_id>/routes/<int:route_id>/unpublish/",
                view(partial(steps.unpublish_page, self)),
                name=f"{name}_unpublish",
            ),
            *super().get_urls(),
        ]

    # --- Who may -----------------------------------------------------------------------------------------
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never by a form."""
        return False

    def may_plan(self, request: HttpRequest) -> bool:
        """Whether the person may change and publish: dispatchers and managers, once a tenant is chosen."""
        return bool(request.user.has_perm("routes.change_routesuggestion") and tenant_of(request))

    def has_publish_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Show the button while there are routes that are not published."""
        row = self._plannable(request, object_id, Status.DRAFT, Status.PUBLISHED)
        return row is not None and row.routes.filter(status__in=Route.CHANGEABLE).exists()

    def has_draft_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Show the button for drafts."""
        return self._plannable(request, object_id, Status.DRAFT) is not None

    def has_cancel_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Show the button while it is planned."""
        return self._plannable(request, object_id, Status.PENDING) is not None

    def _plannable(
        self, request: HttpRequest, object_id: str | None, *statuses: Status
    ) -> RouteSuggestion | None:
        """Return the suggestion if it has one of the statuses; read once per request: four buttons ask."""
        if object_id is None or not self.may_plan(request):
            return None
        read: dict[str, Any] = request.__dict__.setdefault("_shown_suggestions", {})
        if object_id not in read:
            read[object_id] = self.get_object(request, object_id)
        row: RouteSuggestion | None = read[object_id]
        return row if row is not None and row.status in statuses else None

    # --- Pages -------------------------------------------------------------------------------------------
    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ask for a new suggestion."""
        return new_page(self, request)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show the day in place of a form."""
        context |= result(context["original"], may_plan=self.may_plan(request))
        answer: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return answer

    def watch(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Return the part that is renewed while it is planned; at the end the whole page is due."""
        row = self.get_object(request, object_id) if self.has_view_permission(request) else None
        if row is None:
            raise Http404
        answer = TemplateResponse(request, "admin/routes/live.html", live(row))
        if row.status != Status.PENDING:
            answer.headers["HX-Refresh"] = "true"
        return answer

    @lever("Publish", icon="send", permissions=["publish"])
    def publish(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Choose routes and publish them."""
        return steps.publish_page(self, request, object_id)

    @lever("Plan again", icon="restart_alt", permissions=["draft"])
    def replan(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Plan again around what is locked."""
        return steps.replan_page(self, request, object_id)

    @lever("Discard", icon="delete", permissions=["draft"])
    def discard(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Give the draft up."""
        return steps.discard_page(self, request, object_id)

    @lever("Stop planning", icon="cancel", permissions=["cancel"])
    def cancel(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Stop planning."""
        return steps.cancel_page(self, request, object_id)

    # --- The list ----------------------------------------------------------------------------------------
    def get_queryset(self, request: HttpRequest) -> Any:
        """Say of each whether it is published in part."""
        return with_rest(super().get_queryset(request))

    def found_by(self, term: str, request: HttpRequest) -> Q:
        """Number or correlation id."""
        known = Q(correlation_id=term)
        is_number = term.isascii() and term.isdigit() and len(term) <= _LONGEST_NUMBER
        return known | Q(pk=int(term)) if is_number else known

    @column("Suggestion")
    def number(self, row: RouteSuggestion) -> str:
        """The id, as the API gives it out."""
        return str(row.pk)

    @column("Status", marks=SUGGESTION_STATUS)
    def status_mark(self, row: Any) -> str:
        """The status as a badge."""
        said: str = row.said(in_part=row.in_part)
        return said

    @column("Routes")
    def figures(self, row: RouteSuggestion) -> str:
        """Routes, stops, and how many were left out."""
        found = row.summary
        if not found:
            return row.failure
        named = [count_of(found[name], name.removesuffix("s")) for name in ("routes", "stops")]
        return ", ".join([*named, f"{found['excluded']} left out"])

    @column("Asked for by")
    def asked_by(self, row: RouteSuggestion) -> str:
        """A person or a client."""
        return str(row.created_by or row.client or "")

    @column("Age")
    def age(self, row: RouteSuggestion) -> SafeString:
        """How long ago it was asked for."""
        ago = timesince(row.created_at, depth=1)
        return format_html('<time title="{}">{} ago</time>', show.when(row.created_at), ago)
