"""Events: what happened, as it was then, and who is told."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ordinavo.kernel.admin import show
from ordinavo.kernel.admin.base import ReadOnly, TenantAdmin
from ordinavo.kernel.admin.columns import column
from ordinavo.kernel.admin.json_view import pretty
from ordinavo.kernel.admin.scope import tenant_of
from ordinavo.kernel.ulids import ulid_of
from webhooks.admin.filters import AgeFilter, EventTypeFilter
from webhooks.admin.links import events_like, subject_link, subscription_link, told_of
from webhooks.marks import DELIVERY_STATUS
from webhooks.models import Delivery, Event

DELIVERIES_SHOWN = 100


@admin.register(Event)
class EventAdmin(ReadOnly, TenantAdmin):
    """Kept as long as its deliveries; what of it a subscription sees is cut when it is sent."""

    list_display = ("shown_id", "type_mark", "about", "source", "correlation_id", "occurred")
    list_filter = (AgeFilter, EventTypeFilter)
    list_select_related = ("source_system",)
    ordering = ("-id",)
    search_fields = ("correlation_id",)
    search_help_text = "Event, correlation or external id"
    empty_hint = "An event is stored when something happens that a subscription asks for."
    readonly_fields = ("story",)
    fields = ("story",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Leave what events say in the table, for lists."""
        return super().get_queryset(request).defer("snapshot")

    def found_by(self, term: str, request: HttpRequest) -> Q:
        """Its own id; correlation id, or external id of what it tells of."""
        event_id = ulid_of(Event.PREFIX, term)
        if event_id is not None:
            return Q(pk=event_id)
        return Q(pk__in=[event.pk for event in events_like(term, tenant=tenant_of(request))])

    @column("Event")
    def shown_id(self, row: Event) -> SafeString:
        """The id that outside systems see."""
        return format_html('<code class="ord-id">{}</code>', row.public_id)

    @column("Type")
    def type_mark(self, row: Event) -> SafeString | str:
        """What happened; examples are marked."""
        return format_html("{} {}", row.type, show.mark("example", "info")) if row.is_example else row.type

    @column("Tells of")
    def about(self, row: Event) -> SafeString | str:
        """Leads to the row."""
        return subject_link(row)

    @column("Source system")
    def source(self, row: Event) -> str:
        """Whose subscriptions are told."""
        return str(row.source_system or "")

    @column("Occurred")
    def occurred(self, row: Event) -> str:
        """When it happened."""
        return show.seconds(row.occurred_at)

    @column("What happened and who is told")
    def story(self, row: Event) -> SafeString:
        """Facts and deliveries beside the snapshot."""
        facts = show.facts(
            (
                ("Event", row.public_id),
                ("Type", self.type_mark(row)),
                ("Tells of", told_of(row)),
                ("Source system", self.source(row)),
                ("Told only to", show.link_to(row.client) if row.client else ""),
                ("Correlation id", row.correlation_id),
                ("Occurred", self.occurred(row)),
            )
        )
        title = "All that may be told of it; each subscription gets its own part"
        return show.beside(facts, _deliveries(row), right_title=title, right=pretty(row.snapshot))


def _deliveries(event: Event) -> SafeString:
    rows = Delivery.objects.filter(event=event).select_related("subscription").order_by("id")
    lines = [
        (
            format_html("<time>{}</time>", show.link_to(row, show.seconds(row.created_at))),
            show.mark(row.status, DELIVERY_STATUS.get(row.status, "")),
            subscription_link(row.subscription),
        )
        for row in rows[:DELIVERIES_SHOWN]
    ]
    return show.table(("Delivery", "Status", "Subscription"), lines, empty="Nobody is told of it.")
