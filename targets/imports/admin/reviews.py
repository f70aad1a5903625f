"""Records that were sent and could not be linked without a doubt; managers decide about them here."""

from collections.abc import Callable
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
from targets.evidence import score_kind
from targets.imports.admin import review_bulk, review_correct, review_pages, review_undo, review_whatif
from targets.imports.admin.review_filters import FILTERS
from targets.imports.marks import REVIEW_STATUS
from targets.imports.models import MappingReview
from targets.imports.selectors.queue import MOST_WAITING, REASONS, ordering, with_targets

_VERBS: dict[str, Callable[..., HttpResponse]] = {
    "link": review_pages.link,
    "create": review_pages.create,
    "dismiss": review_pages.dismiss,
    "skip": review_pages.skip,
    "refuse": review_pages.refuse,
}


@admin.register(MappingReview)
class MappingReviewAdmin(ReadOnly, TenantAdmin):
    """What came, what it may be, and how many targets wait for the answer."""

    change_form_template = "admin/imports/review.html"
    list_before_template = "admin/imports/review_list.html"
    list_display = (
        "name_sent",
        "kind",
        "score_mark",
        "reason_words",
        "waiting_targets",
        "age",
        "status_mark",
        "source_system",
        "client",
    )
    list_filter = FILTERS
    list_select_related = ("source_system", "client")
    search_fields = ("external_id", "record_key")
    search_help_text = "External id"
    empty_hint = "Nothing is in doubt. Records that fit several customers appear here."
    readonly_fields = fields = ("name_sent",)

    def get_urls(self) -> list[Any]:
        """Add the answers, the preview of taking one back, and the acceptance of many."""
        view = self.admin_site.admin_view
        name = "imports_mappingreview"
        return [
            path("begin/", view(partial(review_pages.begin, self)), name=f"{name}_begin"),
            path("accept/", view(partial(review_bulk.accept, self)), name=f"{name}_accept"),
            path(
                "try/<int:client_id>/",
                view(partial(review_whatif.try_settings, self)),
                name="try_mapping",
            ),
            path("undo/<int:decision_id>/", view(partial(review_undo.undo, self)), name=f"{name}_undo"),
            path(
                "<path:object_id>/correct/<int:record_id>/",
                view(partial(review_correct.correct, self)),
                name=f"{name}_correct",
            ),
            *(
                path(
                    f"<path:object_id>/{verb}/",
                    view(require_POST(partial(answer, self))),
                    name=f"{name}_{verb}",
                )
                for verb, answer in _VERBS.items()
            ),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Count the waiting targets per row, in the same statement.

        Not on top of Django's queryset, which is ordered already, maybe by what is counted here.
        """
        return with_targets(self.scope(MappingReview.objects.all(), request))

    def get_ordering(self, request: HttpRequest) -> Any:
        """Order as the filter says."""
        return ordering(request.GET.get("order", ""))

    def may_decide(self, request: HttpRequest) -> bool:
        """Managers, once a tenant is chosen."""
        return bool(request.user.has_perm("imports.change_mappingreview") and tenant_of(request))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Let managers work the list off."""
        context = {**(extra_context or {}), "may_decide": self.may_decide(request)}
        return super().changelist_view(request, context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show the comparison in place of a form."""
        review: MappingReview = context["original"]
        context |= {
            "about": self._about(review),
            "name": review.name_sent,
            "status": self.status_mark(review),
            "doubt": REASONS.get(review.reason, show.words(review.reason)),
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

    @column("Score")
    def score_mark(self, row: MappingReview) -> SafeString | str:
        """How likely the best candidate is."""
        if row.score is None:
            return show.NOTHING
        return show.mark(f"{100 * row.score:.3g} %", score_kind(row.score))

    @column("Doubt")
    def reason_words(self, row: MappingReview) -> str:
        """The reason in words."""
        return REASONS.get(row.reason, show.words(row.reason))

    @column("Waiting targets")
    def waiting_targets(self, row: Any) -> str:
        """How many targets follow the decision."""
        count: int = row.target_count
        return f"{count} or more" if count >= MOST_WAITING else str(count)

    @column("Age")
    def age(self, row: MappingReview) -> SafeString:
        """How long ago it was first in doubt."""
        ago = timesince(row.created_at, depth=1)
        return format_html('<time title="{}">{} ago</time>', show.when(row.created_at), ago)

    def _about(self, row: MappingReview) -> SafeString:
        return show.facts(
            (
                ("Kind", row.get_kind_display()),
                ("Doubt", REASONS.get(row.reason, show.words(row.reason))),
                ("External id", row.external_id),
                ("Source system", str(row.source_system)),
                ("Client", show.link_to(row.client)),
                ("First seen", show.when(row.created_at)),
                ("Waiting targets", self.waiting_targets(row)),
                ("Decided", show.when(row.decided_at) if row.decided_at else ""),
                ("Decided by", str(row.decided_by or "")),
            )
        )
