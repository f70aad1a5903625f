"""Records that were sent and could not be linked without a doubt; managers decide about them here."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.views.decorators.http import require_POST

from ordinavo.kernel.admin import show
from ordinavo.kernel.admin.base import ReadOnly, TenantAdmin
from ordinavo.kernel.admin.columns import column
from ordinavo.kernel.admin.scope import tenant_of
from targets.imports.admin import review_pages
from targets.imports.marks import REVIEW_STATUS
from targets.imports.models import MappingReview
from targets.imports.selectors.reviews import with_waiting


@admin.register(MappingReview)
class MappingReviewAdmin(ReadOnly, TenantAdmin):
    """What came, what it may be, and how many imports wait for the answer."""

    change_form_template = "admin/imports/review.html"
    list_display = (
        "name_sent",
        "kind",
        "status_mark",
        "reason_words",
        "source_system",
        "client",
        "waiting_items",
        "age",
    )
    list_filter = ("status", "kind", "source_system", "client")
    list_select_related = ("source_system", "client")
    search_fields = ("external_id", "record_key")
    search_help_text = "External id"
    empty_hint = "Nothing is in doubt. Records that fit several customers appear here."
    readonly_fields = fields = ("name_sent",)

    def get_urls(self) -> list[Any]:
        """Add the three answers."""
        view = self.admin_site.admin_view
        verbs = {"link": review_pages.link, "create": review_pages.create, "dismiss": review_pages.dismiss}
        return [
            *(
                path(
                    f"<path:object_id>/{verb}/",
                    view(require_POST(partial(answer, self))),
                    name=f"imports_mappingreview_{verb}",
                )
                for verb, answer in verbs.items()
            ),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Count the waiting items per row, in the same statement."""
        return with_waiting(super().get_queryset(request))

    def may_decide(self, request: HttpRequest) -> bool:
        """Managers, once a tenant is chosen."""
        return bool(request.user.has_perm("imports.change_mappingreview") and tenant_of(request))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show the comparison in place of a form."""
        review: MappingReview = context["original"]
        context |= {
            "about": self._about(review),
            "name": review.name_sent,
            **review_pages.shown(self, request, review),
        }
        answer: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return answer

    @column("Record")
    def name_sent(self, row: MappingReview) -> str:
        """What the sender calls it."""
        return row.name_sent

    @column("Status", marks=REVIEW_STATUS)
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

    @column("Age")
    def age(self, row: MappingReview) -> SafeString:
        """How long ago it was first in doubt."""
        ago = timesince(row.created_at, depth=1)
        return format_html('<time title="{}">{} ago</time>', show.when(row.created_at), ago)

    def _about(self, row: MappingReview) -> SafeString:
        return show.facts(
            (
                ("Kind", row.get_kind_display()),
                ("Status", self.status_mark(row)),
                ("Doubt", show.words(row.reason)),
                ("External id", row.external_id),
                ("Source system", str(row.source_system)),
                ("Client", show.link_to(row.client)),
                ("First seen", show.when(row.created_at)),
                ("Waiting imports", self.waiting_items(row)),
                ("Decided", show.when(row.decided_at) if row.decided_at else ""),
                ("Decided by", str(row.decided_by or "")),
            )
        )
