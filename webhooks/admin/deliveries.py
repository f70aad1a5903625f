"""Deliveries: did it arrive, if not why, and what would be sent now."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ordinavo.kernel.admin import show
from ordinavo.kernel.admin.base import ReadOnly, TenantAdmin
from ordinavo.kernel.admin.columns import batch_lever, column, lever
from ordinavo.kernel.admin.scope import tenant_of
from ordinavo.kernel.errors import DomainError
from ordinavo.tenants.staff import actor_of
from webhooks.admin import delivery_pages as pages
from webhooks.admin.filters import AgeFilter, DeliveredTypeFilter, StatusFilter
from webhooks.admin.links import events_like, known_ids, subscription_link
from webhooks.admin.lists import CompletedList
from webhooks.admin.reasons import outcome
from webhooks.marks import DELIVERY_STATUS
from webhooks.models import Attempt, Delivery
from webhooks.services.deliveries import redeliver


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly, TenantAdmin):
    """Where support looks first: "why did we not hear of this?"."""

    change_form_template = "admin/webhooks/delivery.html"
    list_display = (
        "public_id",
        "status_mark",
        "created",
        "event_type",
        "subscription_link",
        "last_answer",
    )
    list_filter = (StatusFilter, AgeFilter, "subscription", "client", DeliveredTypeFilter)
    list_select_related = ("subscription",)
    ordering = ("-id",)
    search_fields = ("id",)
    search_help_text = "Event, delivery, correlation or external id"
    empty_hint = "Deliveries appear as soon as something happens that a subscription asks for."
    actions = ("resend_selected",)
    actions_detail = ("resend",)
    readonly_fields = fields = ("public_id",)

    def get_urls(self) -> list[Any]:
        """Add the part of the page that renews itself."""
        view = self.admin_site.admin_view(self.watch)
        return [path("<path:object_id>/live/", view, name="webhooks_delivery_live"), *super().get_urls()]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[CompletedList]:
        """Complete the rows of a page with their last answers."""
        return CompletedList

    def complete(self, rows: list[Any]) -> None:
        """Add the last attempt of each, read for the whole page at once."""
        attempts = Attempt.objects.filter(delivery__in=[row.pk for row in rows]).defer("answer")
        newest = {one.delivery_id: one for one in attempts.order_by("id")}
        for row in rows:
            row.last_attempt = newest.get(row.pk)

    def found_by(self, term: str, request: HttpRequest) -> Q:
        """The delivery's or its event's id; correlation id, or external id of what the event tells of."""
        known = known_ids(term)
        return Q(event__in=events_like(term, tenant=tenant_of(request))) if known is None else known

    def has_resend_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Support too, once a tenant is chosen."""
        return bool(request.user.has_perm("webhooks.change_delivery") and tenant_of(request))

    @lever("Send again", icon="replay", permissions=["resend"])
    def resend(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask once more, then send the event once more."""
        return pages.resend_page(self, request, object_id)

    @batch_lever("Send again", permissions=["resend"])
    def resend_selected(self, request: HttpRequest, rows: QuerySet[Delivery]) -> None:
        """Make a new delivery of each."""
        sent = 0
        for row in rows.select_related(None):
            try:
                redeliver(delivery=row, actor=actor_of(request))
                sent += 1
            except DomainError as refusal:
                messages.warning(request, f"{row.public_id}: {refusal.message}")
        if sent:
            messages.success(request, f"{sent} {'is' if sent == 1 else 'are'} on the way again.")

    def watch(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Return the part of the page that renews itself."""
        row = self.get_object(request, object_id) if self.has_view_permission(request) else None
        if row is None:
            raise Http404
        return TemplateResponse(request, "admin/webhooks/delivery_live.html", pages.live(row))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show the story in place of a form."""
        row: Delivery = context["original"]
        context |= pages.live(row) | pages.request_shown(row)
        answer: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return answer

    @column("Delivery")
    def public_id(self, row: Delivery) -> SafeString:
        """The id that outside systems see."""
        return format_html('<code class="ord-id">{}</code>', row.public_id)

    @column("Status", marks=DELIVERY_STATUS)
    def status_mark(self, row: Delivery) -> str:
        """The status as a badge."""
        return row.status

    @column("Subscription")
    def subscription_link(self, row: Delivery) -> SafeString | str:
        """Leads to the subscription."""
        return subscription_link(row.subscription)

    @column("Last answer")
    def last_answer(self, row: Any) -> SafeString | str:
        """What came back last, and how often it was tried if that was not once."""
        last: Attempt | None = row.last_attempt
        if last is None:
            return ""
        count = f"attempt {row.attempt_count}" if row.attempt_count > 1 else ""
        return format_html("{} {}", show.mark(outcome(last), "good" if last.succeeded else "bad"), count)

    @column("Created")
    def created(self, row: Delivery) -> SafeString:
        """When it was promised."""
        return format_html('<time class="ord-whole">{}</time>', show.seconds(row.created_at))
