"""Billing events: what is ready to be billed, what arrived, what waits, and why."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path
from django.utils.safestring import SafeString

from ordinavo.kernel.admin import show
from ordinavo.kernel.admin.base import ReadOnly, TenantAdmin
from ordinavo.kernel.admin.chosen import id_in
from ordinavo.kernel.admin.columns import batch_lever, column, lever
from ordinavo.kernel.admin.scope import tenant_of
from targets.shown import name_of
from targets.visits.admin import billing_pages as pages
from targets.visits.admin import billing_shown
from targets.visits.admin.billing_filters import StatusFilter, WaitingFilter
from targets.visits.marks import BILLING_STATUS
from targets.visits.models import BillingEvent
from targets.visits.selectors.billing_csv import billing_lines
from targets.visits.selectors.reports import target_ids_like

Status = BillingEvent.Status
_TARGET = "report__appointment__target"


@admin.register(BillingEvent)
class BillingEventAdmin(ReadOnly, TenantAdmin):
    """Made by approving billable reports; triggers, never invoices."""

    list_display = (
        "number",
        "status_mark",
        "report_link",
        "customer_link",
        "minutes",
        "waits_for",
        "created",
        "ended",
    )
    list_display_links = ("number",)
    list_filter = (StatusFilter, WaitingFilter, "created_at", "report__appointment__day")
    list_select_related = (f"{_TARGET}__customer",)
    list_before_template = "admin/visits/billing_export.html"
    ordering = ("-id",)
    search_fields = ("report",)
    search_help_text = "Number, external id of the target, customer number or name"
    empty_hint = "Approve a billable report: what is to be billed appears here."
    actions = ("tell_selected", "mark_selected")
    actions_detail = ("tell", "mark_sent", "enter_minutes")
    readonly_fields = ("at_a_glance", "deliveries")
    fieldsets = (
        (None, {"fields": ("at_a_glance",)}),
        ("Deliveries of billing.event_ready", {"fields": ("deliveries",)}),
    )

    def get_urls(self) -> list[Any]:
        """Add the export, and the page that asks about several."""
        view, name = self.admin_site.admin_view, "visits_billingevent"
        return [
            path("export.csv", view(self.export), name=f"{name}_export"),
            path("several/<str:verb>/", view(partial(pages.several, self)), name=f"{name}_several"),
            *super().get_urls(),
        ]

    # --- Who may -----------------------------------------------------------------------------------------
    def may_bill(self, request: HttpRequest) -> bool:
        """Managers, once a tenant is chosen."""
        return bool(request.user.has_perm("visits.change_billingevent") and tenant_of(request))

    def has_bill_permission(self, request: HttpRequest, *args: Any) -> bool:
        """The same, for actions."""
        return self.may_bill(request)

    def has_tell_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Show the button for what is ready, or failed."""
        return self._has(request, object_id, Status.READY, Status.FAILED)

    def has_unsent_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Show the button for all that is not sent."""
        return self._has(request, object_id, Status.PENDING, Status.READY, Status.FAILED)

    def has_pending_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Show the button while minutes can be entered."""
        return self._has(request, object_id, Status.PENDING)

    def _has(self, request: HttpRequest, object_id: str | None, *statuses: Status) -> bool:
        """Whether the event has one of the statuses; read once per request: several buttons ask."""
        if object_id is None or not self.may_bill(request):
            return False
        read: dict[str, Any] = request.__dict__.setdefault("_shown_billing", {})
        if object_id not in read:
            read[object_id] = self.get_object(request, object_id)
        row: BillingEvent | None = read[object_id]
        return row is not None and row.status in statuses

    # --- Pages -------------------------------------------------------------------------------------------
    def export(self, request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        """Stream what the list shows with the same search and filters, without its pages."""
        if not self.has_view_permission(request) or tenant_of(request) is None:
            raise PermissionDenied
        rows = self.get_changelist_instance(request).queryset
        headers = {"Content-Disposition": 'attachment; filename="billing-events.csv"'}
        lines = billing_lines(rows.order_by("id"))
        return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)

    @lever("Tell again", icon="replay", permissions=["tell"])
    def tell(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask once more, then send what was missed, or say anew that it is ready."""
        return pages.tell_page(self, request, object_id)

    @lever("Mark as sent", icon="done_all", permissions=["unsent"])
    def mark_sent(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask once more, then write down that it was billed by hand."""
        return pages.mark_page(self, request, object_id)

    @lever("Enter minutes", icon="timer", permissions=["pending"])
    def enter_minutes(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Give the minutes that nobody knew."""
        return pages.minutes_page(self, request, object_id)

    @batch_lever("Tell again…", permissions=["bill"])
    def tell_selected(self, request: HttpRequest, rows: QuerySet[BillingEvent]) -> HttpResponse:
        """Lead to the page that asks once more."""
        return pages.ask_about(rows, "tell")

    @batch_lever("Mark as sent…", permissions=["bill"])
    def mark_selected(self, request: HttpRequest, rows: QuerySet[BillingEvent]) -> HttpResponse:
        """Lead to the page that asks once more."""
        return pages.ask_about(rows, "mark")

    # --- The list ----------------------------------------------------------------------------------------
    def found_by(self, term: str, request: HttpRequest) -> Q:
        """Its number, or what finds its target."""
        known = Q(**{f"{_TARGET}__in": target_ids_like(term, tenant=tenant_of(request))})
        return known | Q(pk=id_in(term))

    @column("Billing event")
    def number(self, row: BillingEvent) -> str:
        """The id, as payloads give it out."""
        return str(row.pk)

    @column("Status", marks=BILLING_STATUS)
    def status_mark(self, row: BillingEvent) -> str:
        """The status as a badge."""
        return row.get_status_display()

    @column("Report")
    def report_link(self, row: BillingEvent) -> SafeString | str:
        """Leads to the report, under the name of its target."""
        return show.link_to(row.report, name_of(row.report.appointment.target))

    @column("Customer")
    def customer_link(self, row: BillingEvent) -> SafeString | str:
        """Leads to the customer."""
        return show.link_to(row.report.appointment.target.customer)

    @column("Minutes")
    def minutes(self, row: BillingEvent) -> str:
        """Work and the way there."""
        return billing_shown.minutes(row)

    @column("Waits for")
    def waits_for(self, row: BillingEvent) -> str:
        """What a pending one lacks, or what nobody has heard."""
        return billing_shown.waits_for(row)

    @column("Created")
    def created(self, row: BillingEvent) -> str:
        """When the report was approved."""
        return show.when(row.created_at)

    @column("Sent or failed")
    def ended(self, row: BillingEvent) -> str:
        """When it came to its end."""
        ends = {Status.SENT: row.sent_at, Status.FAILED: row.failed_at}
        end = ends.get(Status(row.status))
        return show.when(end) if end else ""

    @column("At a glance")
    def at_a_glance(self, row: BillingEvent) -> SafeString:
        """How far it is, and what is billed."""
        return billing_shown.at_a_glance(row)

    @column("Deliveries")
    def deliveries(self, row: BillingEvent) -> SafeString:
        """To whom it was told that it is ready, and what came of it."""
        return billing_shown.deliveries(row)
