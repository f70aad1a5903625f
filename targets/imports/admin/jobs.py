"""Import jobs: how far each came, and its items."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince

from ordinavo.kernel.admin import show
from ordinavo.kernel.admin.base import ReadOnly, TenantAdmin, TenantTabularInline
from ordinavo.kernel.admin.columns import column
from ordinavo.kernel.admin.scope import tenant_of
from targets.imports.admin.reasons import reason_of
from targets.imports.marks import ITEM_STATUS, JOB_STATUS
from targets.imports.models import ImportItem, ImportJob
from targets.imports.selectors.finding import job_ids_like, job_ids_with_item

_COUNTERS = (
    ("created", "good"),
    ("updated", "good"),
    ("unchanged", ""),
    ("cancelled", ""),
    ("pending", "info"),
    ("skipped", "warn"),
    ("rejected", "bad"),
)


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
    list_filter = ("status", "kind", "client", "validate_only")
    list_select_related = ("client",)
    search_fields = ("correlation_id", "batch_id")
    search_help_text = "Correlation id, job number, batch id, or external id of an item"
    empty_hint = "Jobs appear as soon as an outside system sends its first import with one of your keys."
    readonly_fields = ("overview",)
    fieldsets = ((None, {"fields": ("overview",)}),)
    inlines = (ItemInline,)

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
        marks = [show.mark(f"{count} {word}", kind) for word, kind, count in _counted(row) if count]
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
        """Who sent it and when, beside what became of it."""
        facts = show.facts(
            (
                ("Status", self.status_mark(row)),
                ("Kind", row.get_kind_display() + (" (validate only)" if row.validate_only else "")),
                ("Client", show.link_to(row.client)),
                ("Source system", str(row.source_system)),
                ("Correlation id", row.correlation_id),
                ("Batch id", row.batch_id),
                ("Request id", row.request_id),
                ("Retry of", show.link_to(row.retry_of) if row.retry_of else ""),
                ("Accepted", show.when(row.created_at)),
                ("Started", show.when(row.started_at)),
                ("Finished", show.when(row.finished_at)),
            )
        )
        return show.beside(facts, right_title=f"Items: {row.total_items}", right=self._outcome(row))

    def _outcome(self, row: ImportJob) -> SafeString:
        further = show.facts(
            (
                ("With warnings", row.warning_items or ""),
                ("Waiting for a review", row.needs_review_items or ""),
                ("Refused", _refused_link(row)),
            )
        )
        return format_html('{}<div class="ord-below">{}</div>', self.counters(row), further)


def _counted(row: ImportJob) -> list[tuple[str, str, int]]:
    return [(word, kind, getattr(row, f"{word}_items")) for word, kind in _COUNTERS]


def _refused_link(row: ImportJob) -> SafeString | str:
    if not row.rejected_items:
        return ""
    page = reverse("admin:imports_importitem_changelist")
    href = f"{page}?job__id__exact={row.pk}&status__exact=Rejected"
    return format_html('<a class="ord-link" href="{}">Show these items</a>', href)
