"""Import jobs: how far each came, and its items."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince

from ordinavo.kernel.admin import show
from ordinavo.kernel.admin.base import ReadOnly, TenantAdmin, TenantTabularInline
from ordinavo.kernel.admin.columns import column, lever
from ordinavo.kernel.admin.scope import tenant_of
from targets.imports.admin import job_pages
from targets.imports.admin.filters import JobAgeFilter
from targets.imports.admin.job_live import counted, live
from targets.imports.admin.reasons import reason_of
from targets.imports.marks import ITEM_STATUS, JOB_STATUS
from targets.imports.models import ImportItem, ImportJob
from targets.imports.selectors.finding import job_ids_like, job_ids_with_item


class ItemInline(ReadOnly, TenantTabularInline):
    """The items of a job, 25 a page; each leads to its own page."""

    model = ImportItem
    fields = readonly_fields = ("item", "status_mark", "result", "reason", "target_link")
    verbose_name_plural = "items"
    per_page = 25
    hide_title = True
    show_change_link = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Fetch the targets along."""
        return super().get_queryset(request).select_related("target").order_by("index")

    @column("Item")
    def item(self, row: ImportItem) -> SafeString | str:
        """Leads to payload and reason."""
        return show.link_to(row, f"{row.index}: {row.external_id or '(no external id)'}")

    @column("Status", marks=ITEM_STATUS)
    def status_mark(self, row: ImportItem) -> str:
        """The status."""
        return row.get_status_display()

    @column("Reason")
    def reason(self, row: ImportItem) -> str:
        """Why it was refused, shortly."""
        return reason_of(row)

    @column("Target")
    def target_link(self, row: ImportItem) -> SafeString | str:
        """Leads to the target."""
        return show.link_to(row.target)


@admin.register(ImportJob)
class ImportJobAdmin(ReadOnly, TenantAdmin):
    """One request each, single or batch."""

    list_display = (
        "number",
        "status_mark",
        "kind",
        "client",
        "counters",
        "warned",
        "in_doubt",
        "correlation_id",
        "age",
    )
    list_filter = ("status", JobAgeFilter, "kind", "client", "validate_only")
    list_select_related = ("client",)
    search_fields = ("correlation_id", "batch_id")
    search_help_text = "Correlation id, job number, batch id, or external id of an item"
    empty_hint = "Jobs appear as soon as an outside system sends its first import with one of your keys."
    readonly_fields = ("overview",)
    fieldsets = ((None, {"fields": ("overview",)}),)
    inlines = (ItemInline,)
    actions_detail = ("retry", "cancel", "suggest_routes", "errors_file")

    def get_urls(self) -> list[Any]:
        """Add the live part, and the pages that steer the job."""
        view = self.admin_site.admin_view
        pages = {
            "live": job_pages.watch,
            "errors": job_pages.errors_file,
            "cancel": job_pages.cancel,
            "retry": job_pages.retry,
        }
        return [
            *(
                path(f"<path:object_id>/{name}/", view(partial(page, self)), name=f"imports_importjob_{name}")
                for name, page in pages.items()
            ),
            *super().get_urls(),
        ]

    def may_steer(self, request: HttpRequest) -> bool:
        """Whether the person may cancel and retry: managers, once a tenant is chosen."""
        return bool(request.user.has_perm("imports.change_importjob") and tenant_of(request))

    def has_retry_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Show the button where there is something to retry."""
        job = self._steerable(request, object_id)
        return (
            job is not None and job.finished_at is not None and bool(job.rejected_items + job.skipped_items)
        )

    def has_cancel_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Show the button while the job runs."""
        job = self._steerable(request, object_id)
        return job is not None and job.finished_at is None

    def has_errors_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Show the button where items were refused."""
        job = self._shown(request, object_id)
        return job is not None and bool(job.rejected_items)

    def has_plan_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Show the button where a job has ended that brought targets; routes stand above this room."""
        if not (request.user.has_perm("routes.add_routesuggestion") and tenant_of(request)):
            return False
        job = self._shown(request, object_id)
        return job is not None and job.finished_at is not None and job.total_items > job.rejected_items

    def _steerable(self, request: HttpRequest, object_id: str | None) -> ImportJob | None:
        return self._shown(request, object_id) if self.may_steer(request) else None

    def _shown(self, request: HttpRequest, object_id: str | None) -> ImportJob | None:
        """Return the job of the page, read once per request: four buttons ask for it."""
        if object_id is None:
            return None
        read: dict[str, Any] = request.__dict__.setdefault("_shown_jobs", {})
        if object_id not in read:
            read[object_id] = self.get_object(request, object_id)
        job: ImportJob | None = read[object_id]
        return job

    @lever("Send refused items again", icon="replay", permissions=["retry"])
    def retry(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Lead to the page that asks once more."""
        return HttpResponseRedirect(reverse("admin:imports_importjob_retry", args=[object_id]))

    @lever("Cancel", icon="cancel", permissions=["cancel"])
    def cancel(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Lead to the page that asks once more."""
        return HttpResponseRedirect(reverse("admin:imports_importjob_cancel", args=[object_id]))

    @lever("Suggest routes", icon="route", permissions=["plan"])
    def suggest_routes(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Lead to the page for new suggestions, with the job's targets."""
        return HttpResponseRedirect(f"{reverse('admin:routes_routesuggestion_add')}?job={object_id}")

    @lever("Errors file", icon="download", permissions=["errors"])
    def errors_file(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Lead to the file."""
        return HttpResponseRedirect(reverse("admin:imports_importjob_errors", args=[object_id]))

    def found_by(self, term: str, request: HttpRequest) -> Q:
        """Correlation id, number, external id of an item; a batch id only if none of these is known."""
        tenant = tenant_of(request)
        found = job_ids_like(term, tenant=tenant) + job_ids_with_item(term, tenant=tenant)
        return Q(pk__in=found) if found else Q(batch_id=term)

    @column("Job")
    def number(self, row: ImportJob) -> str:
        """The job's id, as the API gives it out."""
        return f"{row.pk} (validate only)" if row.validate_only else str(row.pk)

    @column("Status", marks=JOB_STATUS)
    def status_mark(self, row: ImportJob) -> str:
        """The status as a badge."""
        return row.get_status_display()

    @column("Items")
    def counters(self, row: ImportJob) -> SafeString:
        """What became of the items, the zeros left out."""
        marks = [show.mark(f"{count} {word}", kind) for word, kind, count in counted(row) if count]
        return format_html("{}" * len(marks), *marks) if marks else show.mark("none")

    @column("Warnings")
    def warned(self, row: ImportJob) -> SafeString | str:
        """How many items carry warnings."""
        return show.mark(str(row.warning_items), "warn") if row.warning_items else ""

    @column("Needs review")
    def in_doubt(self, row: ImportJob) -> SafeString | str:
        """How many items wait for a manager."""
        return show.mark(str(row.needs_review_items), "warn") if row.needs_review_items else ""

    @column("Age")
    def age(self, row: ImportJob) -> SafeString:
        """How long ago it was accepted."""
        ago = timesince(row.created_at, depth=1)
        return format_html('<time title="{}">{} ago</time>', show.when(row.created_at), ago)

    @column("Job")
    def overview(self, row: ImportJob) -> SafeString:
        """Who sent it, how far it came, and what became of it."""
        return render_to_string("admin/imports/job_live.html", live(row))
