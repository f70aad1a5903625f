"""Appointments: made by publishing routes, watched here, and given to somebody else on the day."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils import timezone
from django.utils.safestring import SafeString

from ordinavo.kernel.admin import show
from ordinavo.kernel.admin.base import ReadOnly, TenantAdmin
from ordinavo.kernel.admin.columns import batch_lever, column, lever
from ordinavo.kernel.admin.scope import tenant_of
from targets.shown import name_of, with_story
from targets.visits.admin import reassigning
from targets.visits.admin.filters import DAY, ChangedFilter, DayFilter, LateFilter, days_around
from targets.visits.admin.marks import STATUS, report_of, status_of
from targets.visits.admin.story import story
from targets.visits.marks import REPORT_STATUS
from targets.visits.models import Appointment
from targets.visits.selectors.appointments import target_ids_like

_SHOWN = (
    "target_and_story",
    "employee_link",
    "route_link",
    "report_link",
    "status_mark",
    "changed_mark",
    "day",
    "sequence",
    "planned",
    "travel",
    "happened",
)


@admin.register(Appointment)
class AppointmentAdmin(ReadOnly, TenantAdmin):
    """Who comes when. Publishing a route makes them; taking it back, or a cancelled target, cancels them."""

    list_display = (
        "planned",
        "target_link",
        "employee_link",
        "status_mark",
        "changed_mark",
        "report_mark",
        "travel",
    )
    list_filter = (DayFilter, LateFilter, "status", ChangedFilter, "employee")
    list_select_related = ("employee", "target", "report")
    search_fields = ("target__external_id", "target__title")
    search_help_text = "External id or title of the target, number or name of the customer"
    empty_hint = "Appointments appear when routes are published."
    list_before_template = "admin/visits/day.html"
    actions = ("reassign_all",)
    actions_detail = ("reassign",)
    readonly_fields = _SHOWN
    fieldsets = (
        (
            None,
            {"fields": (("target_and_story", "employee_link"), ("status_mark", "changed_mark"))},
        ),
        ("Plan", {"fields": (("planned", "travel"), ("day", "sequence"), "route_link")}),
        ("What happened", {"fields": ("happened", "report_link")}),
    )

    class Media:
        css = {"all": ("ordinavo/visits.css",)}

    def get_urls(self) -> list[Any]:
        """Add the page that gives visits to somebody else."""
        view = self.admin_site.admin_view(partial(reassigning.page, self))
        return [path("reassign/", view, name="visits_appointment_reassign"), *super().get_urls()]

    def get_ordering(self, request: HttpRequest) -> Any:
        """Show a day in the order in which it goes, everything else newest first."""
        return ("day", "planned_start", "id") if request.GET.get(DAY) else ("-id",)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Offer a day to go to, and the days around the one that is shown."""
        return super().changelist_view(request, {**(extra_context or {}), "days": days_around(request)})

    def found_by(self, term: str, request: HttpRequest) -> Q:
        """The target behind the appointment, as its own list finds it."""
        return Q(target__in=target_ids_like(term, tenant=tenant_of(request)))

    # --- Giving visits to somebody else ------------------------------------------------------------------
    def may_reassign(self, request: HttpRequest) -> bool:
        """Managers and dispatchers, once a tenant is chosen."""
        return bool(request.user.has_perm("visits.change_appointment") and tenant_of(request))

    def has_reassign_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Show the button while work has not begun."""
        if not self.may_reassign(request) or object_id is None:
            return self.may_reassign(request)
        row = self.get_object(request, object_id)
        return row is not None and row.status == Appointment.Status.SCHEDULED

    @lever("Give to somebody else", icon="swap_horiz", permissions=["reassign"])
    def reassign(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Lead to the people who work that day."""
        return HttpResponseRedirect(reassigning.path_for([object_id]))

    @batch_lever("Give to somebody else…", permissions=["reassign"])
    def reassign_all(self, request: HttpRequest, rows: QuerySet[Appointment]) -> HttpResponse:
        """Lead to the people who work that day, with the selected visits."""
        return HttpResponseRedirect(reassigning.path_for(rows.order_by("pk").values_list("pk", flat=True)))

    # --- What is shown -----------------------------------------------------------------------------------
    @column("Planned")
    def planned(self, row: Appointment) -> str:
        """From when to when."""
        end = timezone.localtime(row.planned_end)
        return f"{show.when(row.planned_start)} to {end:%H:%M}"

    @column("Target")
    def target_link(self, row: Appointment) -> SafeString | str:
        """Leads to the target; its external id is what people ask for."""
        return show.link_to(row.target, name_of(row.target))

    @column("Target")
    def target_and_story(self, row: Appointment) -> SafeString:
        """Leads to the target, and to all that happened to it."""
        return with_story(row.target, name_of(row.target))

    @column("Employee")
    def employee_link(self, row: Appointment) -> SafeString | str:
        """Leads to the employee."""
        return show.link_to(row.employee)

    @column("Published with")
    def route_link(self, row: Appointment) -> SafeString | str:
        """Leads to the suggestion; through the reverse relation, since routes stand above this room."""
        stop: Any = getattr(row, "stop", None)
        return show.link_to(stop.route.suggestion) if stop else show.NOTHING

    @column("Report")
    def report_link(self, row: Appointment) -> SafeString | str:
        """Leads to what the employee wrote."""
        report = report_of(row)
        return show.link_to(report) if report else "Not begun"

    @column("Report", marks=REPORT_STATUS)
    def report_mark(self, row: Appointment) -> str:
        """How far the report is."""
        report = report_of(row)
        return report.get_status_display() if report else ""

    @column("Status", marks=STATUS)
    def status_mark(self, row: Appointment) -> str:
        """The status as a badge, or that it is late."""
        return status_of(row, now=timezone.now())

    @column("Target since", marks={"Changed": "warn"})
    def changed_mark(self, row: Appointment) -> str:
        """Whether an open appointment's target was changed since it was published."""
        return "Changed" if row.status in Appointment.OPEN and row.is_changed else ""

    @column("Travel")
    def travel(self, row: Appointment) -> str:
        """The way to it, if it is still the planned one."""
        if row.travel_minutes is None or row.travel_meters is None:
            return "Not known"
        return f"{row.travel_minutes} min, {row.travel_meters / 1000:.1f} km"

    @column("What happened when")
    def happened(self, row: Appointment) -> SafeString:
        """By the phone's clock, and when word of it arrived here."""
        return story(row)
