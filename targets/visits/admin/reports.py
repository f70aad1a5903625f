"""Visit reports: those that wait for a manager, and all others; each on a page beside its order."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ordinavo.kernel.admin import show
from ordinavo.kernel.admin.base import ReadOnly, TenantAdmin
from ordinavo.kernel.admin.chosen import path_with
from ordinavo.kernel.admin.columns import batch_lever, column
from ordinavo.kernel.admin.scope import tenant_of
from targets.visits.admin import clean_pages, report_files, report_pages
from targets.visits.admin.report_filters import (
    BillableFilter,
    CustomerFilter,
    FollowUpFilter,
    ProblemFilter,
    ResultFilter,
    StatusFilter,
)
from targets.visits.admin.report_shown import shown
from targets.visits.doubts import doubts_about, is_far
from targets.visits.marks import BILLING_STATUS, REPORT_STATUS, RESULT
from targets.visits.minutes import planned_minutes, worked_minutes
from targets.visits.models import VisitReport
from targets.visits.selectors.reports import target_ids_like, with_attachment_count

CLEAN = "Clean"


@admin.register(VisitReport)
class VisitReportAdmin(ReadOnly, TenantAdmin):
    """Written in MyDay, decided about here by verbs of their own, never changed by a form."""

    change_form_template = "admin/visits/report.html"
    list_display = (
        "about",
        "customer_link",
        "visit",
        "result_mark",
        "at_a_glance",
        "minutes",
        "state",
    )
    list_before_template = "admin/visits/report_tabs.html"
    list_filter = (
        StatusFilter,
        ResultFilter,
        ProblemFilter,
        FollowUpFilter,
        BillableFilter,
        "employee",
        CustomerFilter,
        "appointment__day",
    )
    list_select_related = ("employee", "appointment__target__customer")
    search_fields = ("appointment__target__external_id",)
    search_help_text = "External id or title of the target, customer number or name"
    empty_title = "Nothing to approve"
    empty_hint = "Reports appear here as soon as employees hand them in."
    actions = ("approve_clean",)
    readonly_fields = fields = ("about",)

    def get_urls(self) -> list[Any]:
        """Add the verbs, the files, and the page that approves many."""
        view, name = self.admin_site.admin_view, "visits_visitreport"
        verbs = {
            "approve": report_pages.approve,
            "reject": report_pages.reject,
            "follow-up": report_pages.follow_up,
            "note": report_pages.note,
            "next": report_pages.following,
        }
        files = {"": report_files.whole, "small/": report_files.small}
        return [
            path("clean/", view(partial(clean_pages.page, self)), name=f"{name}_clean"),
            *(
                path(f"<int:report_id>/{verb}/", view(partial(page, self)), name=f"{name}_{verb}")
                for verb, page in verbs.items()
            ),
            *(
                path(
                    f"<int:report_id>/files/<int:file_id>/{size}",
                    view(partial(page, self)),
                    name=f"{name}_{size.rstrip('/') or 'file'}",
                )
                for size, page in files.items()
            ),
            *super().get_urls(),
        ]

    # --- Who may -----------------------------------------------------------------------------------------
    def may_decide(self, request: HttpRequest) -> bool:
        """Managers, once a tenant is chosen."""
        return bool(request.user.has_perm("visits.change_visitreport") and tenant_of(request))

    def has_decide_permission(self, request: HttpRequest, *args: Any) -> bool:
        """The same, for the action of the list."""
        return self.may_decide(request)

    # --- Pages -------------------------------------------------------------------------------------------
    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Offer the statuses above the list."""
        chosen = request.GET.get("status", "")
        tabs = [("", StatusFilter.unchosen), *StatusFilter.options]
        context = {"tabs": [(value, label, value == chosen) for value, label in tabs]}
        return super().changelist_view(request, {**(extra_context or {}), **context})

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show report and order side by side in place of a form."""
        context |= shown(context["original"], may_decide=self.may_decide(request))
        answer: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return answer

    @batch_lever("Approve clean ones…", permissions=["decide"])
    def approve_clean(self, request: HttpRequest, rows: QuerySet[VisitReport]) -> HttpResponse:
        """Lead to the page that says which of them are clean."""
        return HttpResponseRedirect(path_with(reverse("admin:visits_visitreport_clean"), "reports", rows))

    # --- The list ----------------------------------------------------------------------------------------
    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Count the files of a page's rows in the same statement."""
        return with_attachment_count(super().get_queryset(request))

    def get_list_display(self, request: HttpRequest) -> Any:
        """Leave out the state of those that wait: it is the same for all."""
        shown_columns = super().get_list_display(request)
        chosen = request.GET.get("status")
        return shown_columns if chosen else tuple(one for one in shown_columns if one != "state")

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """What waits longest comes first; of the others the newest."""
        return ("-id",) if request.GET.get("status") else ("id",)

    def found_by(self, term: str, request: HttpRequest) -> Q:
        """External id or customer of the target; if nothing is known by these, words of its title."""
        known = target_ids_like(term, tenant=tenant_of(request))
        if known:
            return Q(appointment__target__in=known)
        # Titles have no index: only a search that knows no target reads the reports through.
        return Q(appointment__target__title__icontains=term)

    @column("Report")
    def about(self, row: VisitReport) -> SafeString:
        """What it is about."""
        target = row.appointment.target
        return format_html(
            '<span class="ord-name">{} <small>{}</small></span>', target.title, target.external_id or ""
        )

    @column("Customer")
    def customer_link(self, row: VisitReport) -> SafeString | str:
        """Leads to the customer."""
        return show.link_to(row.appointment.target.customer)

    @column("Visit")
    def visit(self, row: VisitReport) -> SafeString:
        """When it was, and whose."""
        day, who = row.appointment.day, row.employee
        return format_html('<span><span class="ord-whole">{}</span><br>{}</span>', day, who)

    @column("Result", marks=RESULT)
    def result_mark(self, row: VisitReport) -> str:
        """The result as a badge."""
        return row.get_result_display()

    @column("At a glance")
    def at_a_glance(self, row: Any) -> SafeString:
        """What asks to be read or looked at; a clean one can be approved without."""
        found = [
            ("Problem", "bad") if row.problem or row.problems else None,
            ("Follow-up", "info") if row.follow_up_required else None,
            None if row.is_billable else ("Not billable", ""),
        ]
        if row.status == VisitReport.Status.SUBMITTED and not doubts_about(row):
            found.append((CLEAN, "good"))
        if row.attachment_count:
            found.append((f"{row.attachment_count} file{'' if row.attachment_count == 1 else 's'}", ""))
        return format_html_join("", "{}", ((show.mark(*one),) for one in found if one))

    @column("Minutes")
    def minutes(self, row: VisitReport) -> SafeString | str:
        """Used of planned; marked if that is far apart."""
        worked, planned = worked_minutes(row), planned_minutes(row.appointment)
        far = worked is None or is_far(worked, planned)
        text = f"{worked or '?'} of {planned}"
        return show.mark(text, "warn") if far else text

    @column("State")
    def state(self, row: VisitReport) -> SafeString:
        """The status, and of approved ones how far billing is."""
        status, billing = row.get_status_display(), row.get_billing_status_display()
        marks = [show.mark(status, REPORT_STATUS.get(status, ""))]
        if row.status == VisitReport.Status.APPROVED and row.is_billable:
            marks.append(show.mark(billing, BILLING_STATUS.get(billing, "")))
        return format_html_join("", "{}", ((one,) for one in marks))
