"""Appointments: made by publishing routes, read here."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from ordinavo.kernel.admin import show
from ordinavo.kernel.admin.base import ReadOnly, TenantAdmin
from ordinavo.kernel.admin.columns import column
from ordinavo.kernel.admin.filters import ChoiceFilter
from targets.visits.models import Appointment
from targets.visits.selectors.appointments import changed

STATUS = {
    "Scheduled": "info",
    "Started": "warn",
    "Completed": "good",
    "Problem reported": "bad",
}


class ChangedFilter(ChoiceFilter):
    """Open ones whose target is no longer what was planned."""

    title = "target since"
    parameter_name = "changed"
    options = (("yes", "Changed"),)

    def narrow(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Keep those whose target has a later revision."""
        return changed(rows) if value else rows


@admin.register(Appointment)
class AppointmentAdmin(ReadOnly, TenantAdmin):
    """Who comes when. Publishing a route makes them; taking it back, or a cancelled target, cancels them."""

    list_display = ("planned", "target_link", "employee", "status_mark", "changed_mark", "travel")
    list_filter = ("status", "employee", "day", ChangedFilter)
    list_select_related = ("employee", "target")
    ordering = ("-id",)
    search_fields = ("target__external_id",)
    search_help_text = "External id of the target"
    empty_hint = "Appointments appear when routes are published."
    fields = (
        ("target_link", "employee"),
        "route_link",
        ("status_mark", "changed_mark"),
        ("day", "sequence"),
        ("planned_start", "planned_end"),
        "travel",
        ("started_at", "ended_at"),
        "why_cancelled",
        ("created_at", "updated_at"),
    )
    readonly_fields = (
        "target_link",
        "employee",
        "route_link",
        "status_mark",
        "changed_mark",
        "day",
        "sequence",
        "planned_start",
        "planned_end",
        "travel",
        "started_at",
        "ended_at",
        "why_cancelled",
        "created_at",
        "updated_at",
    )

    def found_by(self, term: str, request: HttpRequest) -> Q:
        """The target's external id."""
        return Q(target__external_id=term)

    @column("Planned")
    def planned(self, row: Appointment) -> str:
        """When work is to begin."""
        return show.when(row.planned_start)

    @column("Target")
    def target_link(self, row: Appointment) -> SafeString | str:
        """Leads to the target."""
        return show.link_to(row.target)

    @column("Published with")
    def route_link(self, row: Appointment) -> SafeString | str:
        """Leads to the suggestion; through the reverse relation, since routes stand above this room."""
        stop: Any = getattr(row, "stop", None)
        return show.link_to(stop.route.suggestion) if stop else show.NOTHING

    @column("Status", marks=STATUS)
    def status_mark(self, row: Appointment) -> str:
        """The status as a badge."""
        return row.get_status_display()

    @column("Target since", marks={"Changed": "warn"})
    def changed_mark(self, row: Appointment) -> str:
        """Whether an open appointment's target was changed since it was published."""
        return "Changed" if row.status in Appointment.OPEN and row.is_changed else ""

    @column("Travel")
    def travel(self, row: Appointment) -> str:
        """The way to it."""
        return f"{row.travel_minutes} min, {row.travel_meters / 1000:.1f} km"

    @column("Cancelled because")
    def why_cancelled(self, row: Appointment) -> str:
        """The reason in words."""
        return show.words(row.cancelled_because) if row.cancelled_because else show.NOTHING
