"""One imported target: what was sent, what became of it, and why."""

from collections import defaultdict

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ordinavo.kernel.admin import show
from ordinavo.kernel.admin.base import ReadOnly, TenantAdmin
from ordinavo.kernel.admin.columns import batch_lever, column
from ordinavo.kernel.admin.json_view import pretty
from ordinavo.kernel.admin.scope import tenant_of
from ordinavo.kernel.errors import DomainError
from targets import shown
from targets.imports.admin.filters import MappingFilter, ReasonFilter, RefusedFilter
from targets.imports.admin.job_pages import send_again, told
from targets.imports.admin.reasons import reason_of
from targets.imports.marks import ITEM_STATUS, MAPPING_STATUS
from targets.imports.models import ImportItem, ImportJob
from targets.imports.selectors.finding import job_ids_like


@admin.register(ImportItem)
class ImportItemAdmin(ReadOnly, TenantAdmin):
    """Where support looks first: "why did this import fail?"."""

    list_display = (
        "external_id_or_none",
        "status_mark",
        "result",
        "reason",
        "mapping_mark",
        "job_link",
        "target_link",
        "processed_at",
    )
    list_filter = ("status", RefusedFilter, "result", ReasonFilter, MappingFilter)
    list_select_related = ("job", "target")
    ordering = ("-id",)
    search_fields = ("external_id",)
    search_help_text = "External id, correlation id or job number"
    empty_hint = "Items appear as soon as an outside system sends its first import."
    actions = ("send_again",)
    readonly_fields = ("story", "mapping_shown", "warnings_shown")
    fieldsets = (
        (None, {"fields": ("story",)}),
        ("Mapping and warnings", {"fields": ("mapping_shown", "warnings_shown")}),
    )

    def found_by(self, term: str, request: HttpRequest) -> Q:
        """External id of the item; correlation id or number of its job."""
        jobs = job_ids_like(term, tenant=tenant_of(request))
        return Q(external_id=term) | Q(job_id__in=jobs)

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Managers, once a tenant is chosen."""
        return bool(request.user.has_perm("imports.change_importjob") and tenant_of(request))

    @batch_lever("Send refused and skipped items again", permissions=["retry"])
    def send_again(self, request: HttpRequest, rows: QuerySet[ImportItem]) -> None:
        """Make a new job for each job that the selected items belong to."""
        chosen: dict[ImportJob, list[int]] = defaultdict(list)
        for item in rows.select_related("job__client__tenant", "job__client__source_system"):
            chosen[item.job].append(item.pk)
        for job, item_ids in chosen.items():
            try:
                messages.success(request, told(send_again(request, job, item_ids)))
            except DomainError as refusal:
                messages.warning(request, f"Job {job.pk}: {refusal.message}")

    @column("External id")
    def external_id_or_none(self, row: ImportItem) -> str:
        """The caller's id, or the position of an item that came without one."""
        return row.external_id or f"(none, item {row.index})"

    @column("Status", marks=ITEM_STATUS)
    def status_mark(self, row: ImportItem) -> str:
        """The status as a badge."""
        return row.get_status_display()

    @column("Mapping", marks=MAPPING_STATUS)
    def mapping_mark(self, row: ImportItem) -> str:
        """What became of the customer data."""
        return show.spaced(row.mapping_status)

    @column("Reason")
    def reason(self, row: ImportItem) -> str:
        """Why it was refused, shortly."""
        return reason_of(row)

    @column("Job")
    def job_link(self, row: ImportItem) -> SafeString | str:
        """Leads to the job."""
        return show.link_to(row.job, f"Job\N{NO-BREAK SPACE}{row.job_id}")

    @column("Target")
    def target_link(self, row: ImportItem) -> SafeString | str:
        """Leads to the target."""
        return show.link_to(row.target)

    @column("What was sent and what became of it")
    def story(self, row: ImportItem) -> SafeString:
        """The outcome beside the payload."""
        outcome = show.facts(
            (
                (
                    "Outcome",
                    show.mark(
                        row.result or row.get_status_display(), ITEM_STATUS.get(row.get_status_display(), "")
                    ),
                ),
                ("Reason", row.error_code),
                ("Message", row.error_message),
                ("External id", row.external_id),
                ("Target", shown.with_story(row.target) if row.target else ""),
                ("Job", self.job_link(row)),
                ("Position in the job", row.index),
                ("Correlation id", row.job.correlation_id),
                ("Client", show.link_to(row.job.client)),
                ("Processed", show.when(row.processed_at)),
            )
        )
        return show.beside(
            outcome,
            _faults(row),
            right_title="Sent",
            right=pretty(row.payload, faulty=[str(fault.get("path", "")) for fault in row.errors]),
        )

    @column("Mapping of the customer data")
    def mapping_shown(self, row: ImportItem) -> SafeString:
        """What was found, and how."""
        return shown.mapping(row.mapping, tenant_id=row.tenant_id)

    @column("Warnings")
    def warnings_shown(self, row: ImportItem) -> SafeString:
        """What the sender should know although the import went on."""
        return shown.warnings(row.warnings)


def _faults(row: ImportItem) -> SafeString | str:
    if not row.errors:
        return ""
    lines = [(fault.get("path"), _what(fault)) for fault in row.errors]
    return show.table(("Field", "What is wrong"), lines)


def _what(fault: dict[str, str]) -> SafeString:
    return format_html("{} <code>{}</code>", fault.get("message"), fault.get("code"))
