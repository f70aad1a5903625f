"""Records that were sent and could not be linked without a doubt."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.safestring import SafeString

from customers.models import Contact, Customer, Location, RecordKind
from ordinavo.kernel.admin import show
from ordinavo.kernel.admin.base import ReadOnly, TenantAdmin
from ordinavo.kernel.admin.columns import column
from ordinavo.kernel.admin.json_view import pretty
from targets.imports.models import MappingReview, ReviewedItem

ITEMS_SHOWN = 20
STATUS = {"Open": "warn", "Linked": "good", "Created": "good", "Dismissed": "info"}
_MODELS: dict[str, Any] = {
    RecordKind.CUSTOMER: Customer,
    RecordKind.LOCATION: Location,
    RecordKind.CONTACT: Contact,
}


@admin.register(MappingReview)
class MappingReviewAdmin(ReadOnly, TenantAdmin):
    """What came, what it may be, and how many imports wait for the answer."""

    list_display = (
        "name_sent",
        "kind",
        "status_mark",
        "reason_words",
        "source_system",
        "waiting_items",
        "created_at",
    )
    list_filter = ("status", "kind", "source_system")
    list_select_related = ("source_system",)
    search_fields = ("external_id", "record_key")
    search_help_text = "External id"
    empty_hint = "Nothing is in doubt. Records that fit several customers appear here."
    readonly_fields = ("comparison", "items")
    fieldsets = (
        (None, {"fields": ("comparison",)}),
        ("Imports that wait for it", {"fields": ("items",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Count the waiting items per row, in the same statement."""
        waiting = ReviewedItem.objects.filter(review=OuterRef("pk")).values("review").annotate(n=Count("pk"))
        count = Coalesce(Subquery(waiting.values("n"), output_field=IntegerField()), 0)
        rows: QuerySet[Any] = super().get_queryset(request).annotate(waiting_count=count)
        return rows

    @column("Record")
    def name_sent(self, row: MappingReview) -> str:
        """What the sender calls it."""
        sent = row.record if isinstance(row.record, dict) else {}
        return str(sent.get("name") or sent.get("displayName") or sent.get("display_name") or row)

    @column("Status", marks=STATUS)
    def status_mark(self, row: MappingReview) -> str:
        """The status as a badge."""
        return row.get_status_display()

    @column("Doubt")
    def reason_words(self, row: MappingReview) -> str:
        """The reason in words."""
        return show.words(row.reason)

    @column("Waiting imports")
    def waiting_items(self, row: Any) -> int:
        """How many items follow the decision."""
        count: int = row.waiting_count
        return count

    @column("What came, and what it may be")
    def comparison(self, row: MappingReview) -> SafeString:
        """The record beside the candidates."""
        about = show.facts(
            (
                ("Kind", row.get_kind_display()),
                ("Status", show.mark(row.get_status_display(), "warn" if row.status == "open" else "good")),
                ("Doubt", show.words(row.reason)),
                ("External id", row.external_id),
                ("Source system", str(row.source_system)),
                ("Client", show.link_to(row.client)),
                ("First seen", show.when(row.created_at)),
                ("Waiting imports", self.waiting_items(row)),
            )
        )
        sent = show.details_of(row.record) or pretty(row.record)
        candidates = show.table(
            ("Candidate", "What agrees"), _candidates(row), empty="No candidate: a new record?"
        )
        return show.beside(about, candidates, right_title="Sent", right=sent)

    @column("Newest imports that wait")
    def items(self, row: MappingReview) -> SafeString:
        """The newest twenty items."""
        waiting = row.waiting.select_related("item__job").order_by("-id")[:ITEMS_SHOWN]
        lines = (
            (show.link_to(one.item), show.link_to(one.item.job), show.when(one.item.processed_at))
            for one in waiting
        )
        return show.table(("Item", "Job", "Processed"), lines)


def _candidates(row: MappingReview) -> Iterator[tuple[show.Cell, ...]]:
    evidence = {one.get("id"): one.get("evidence") for one in row.candidates}
    for record in _MODELS[row.kind].objects.filter(tenant_id=row.tenant_id, pk__in=evidence):
        yield show.link_to(record), show.details_of(evidence[record.pk])
