"""The page of a review: what came, what it may be, and the manager's answers. The next one follows."""

from collections.abc import Callable
from typing import Any, Protocol

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ordinavo.kernel.admin.json_view import pretty
from ordinavo.kernel.admin.scope import tenant_of
from ordinavo.kernel.api import LARGEST_ID
from ordinavo.kernel.errors import Conflict, DomainError
from ordinavo.tenants.staff import actor_of
from targets.imports.admin.review_desk import comparison, item_sections
from targets.imports.admin.review_filters import PRESERVED, preserved, wanted_by
from targets.imports.models import ImportItem, MappingReview
from targets.imports.selectors.decided import UNDO_DAYS, last_decision_of, oldest_undoable, standing_decision
from targets.imports.selectors.queue import MOST_WAITING, next_review, open_count
from targets.imports.selectors.reviews import (
    RECORD_MODELS,
    chosen_of,
    customers_waiting,
    find_records,
    newest_items,
    records_of,
    why_not_created,
)
from targets.imports.services.queueing import refuse_candidate, skip_review
from targets.imports.services.reviews import create_from_review, dismiss_review, link_review

CHANGE, LIST = "admin:imports_mappingreview_change", "admin:imports_mappingreview_changelist"


class ReviewPage(Protocol):
    """What these pages need of the reviews' admin."""

    admin_site: Any
    opts: Any

    def get_object(self, request: HttpRequest, object_id: str) -> MappingReview | None:
        """Return the review if it is the tenant's own."""

    def may_decide(self, request: HttpRequest) -> bool:
        """Whether the person may decide."""


def shown(page: ReviewPage, request: HttpRequest, review: MappingReview) -> dict[str, Any]:
    """Return what the page shows; the search only for those who may decide about an open review."""
    term = request.GET.get("q", "").replace("\0", "").strip()
    is_open, may_decide = review.status == MappingReview.Status.OPEN, page.may_decide(request)
    deciding = is_open and may_decide
    items = newest_items(review)
    customers = customers_waiting(review)
    context: dict[str, Any] = {
        "review": review,
        "deciding": deciding,
        **_came(review, items),
        "chosen": chosen_of(review),
        "customers": customers,
        "term": term,
        "kept": preserved(request),
        "kept_filters": request.GET.get(PRESERVED, ""),
    }
    if deciding:
        context["not_created"] = why_not_created(review, review.record, customers)
        context["found"] = find_records(review, term, customers)
        context["open_count"] = open_count(tenant_of(request), wanted_by(request))
        context["most_counted"] = MOST_WAITING
    if may_decide:
        context["last"] = last_decision_of(actor_of(request), tenant=tenant_of(request))
        standing = None if is_open else standing_decision(review)
        context["standing"] = standing
        context["undoable"] = standing is not None and standing.decided_at > oldest_undoable()
        context["undo_days"] = UNDO_DAYS
    return context


def _came(review: MappingReview, items: list[ImportItem]) -> dict[str, Any]:
    """Return what came last, and what it may be."""
    newest = items[0] if items else None
    return {
        "items": items,
        "compared": comparison(review, newest.payload if newest else None),
        "sections": item_sections(newest) if newest else [],
        "sent": pretty(newest.payload) if newest else "",
    }


def link(page: ReviewPage, request: HttpRequest, object_id: str) -> HttpResponse:
    """Link to the record whose id was posted."""

    def perform(review: MappingReview) -> str:
        record = posted_record(request, review)
        link_review(review=review, record=record, actor=actor_of(request))
        return f"Linked to {record}. Everything that waited for it follows."

    return decide(page, request, object_id, perform)


def create(page: ReviewPage, request: HttpRequest, object_id: str) -> HttpResponse:
    """Create a record from what was sent."""

    def perform(review: MappingReview) -> str:
        create_from_review(review=review, actor=actor_of(request))
        return f"The {review.kind} was created. Everything that waited for it follows."

    return decide(page, request, object_id, perform)


def dismiss(page: ReviewPage, request: HttpRequest, object_id: str) -> HttpResponse:
    """Link nothing."""

    def perform(review: MappingReview) -> str:
        dismiss_review(review=review, actor=actor_of(request))
        return f"Dismissed: the {review.kind} stays unlinked, and is not asked about while nothing changes."

    return decide(page, request, object_id, perform)


def skip(page: ReviewPage, request: HttpRequest, object_id: str) -> HttpResponse:
    """Put the review off."""

    def perform(review: MappingReview) -> str:
        skip_review(review=review, user=actor_of(request))
        return "It comes again at the end of your queue."

    return decide(page, request, object_id, perform, undoable=False)


def refuse(page: ReviewPage, request: HttpRequest, object_id: str) -> HttpResponse:
    """Rule out one candidate, and stay with the review."""

    def perform(review: MappingReview) -> str:
        record = posted_record(request, review)
        refuse_candidate(review=review, record_id=record.pk, actor=actor_of(request))
        return f"{record} is not proposed for it again."

    return decide(page, request, object_id, perform, stay=True)


def posted_record(request: HttpRequest, review: MappingReview) -> Any:
    """Return the record whose id was posted; 404 for an odd id, `Conflict` for a candidate that is gone."""
    pk = _id(request.POST.get("record", ""))
    record = records_of(review).filter(pk=pk).first()
    if record is not None:
        return record
    offered = pk in {candidate["id"] for candidate in review.candidates}
    if offered and not RECORD_MODELS[review.kind].objects.filter(pk=pk).exists():
        raise Conflict(f"The {review.kind} has been deleted meanwhile. Nothing was linked.")
    raise Http404


def decide(
    page: ReviewPage,
    request: HttpRequest,
    object_id: str,
    perform: Callable[[MappingReview], str],
    *,
    undoable: bool = True,
    stay: bool = False,
) -> HttpResponse:
    """Let a manager answer, say what was done with a way back, and lead to the next open review.

    After a refusal the review is shown as it is now.
    """
    review = own_review(page, request, object_id)
    try:
        sentence: str | SafeString = f"{review.name_sent}: {perform(review)}"
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return HttpResponseRedirect(reverse(CHANGE, args=[review.pk]) + preserved(request))
    if undoable:
        sentence = with_undo(request, sentence)
    messages.success(request, sentence)
    return lead_on(request, review if stay else None)


def own_review(page: ReviewPage, request: HttpRequest, object_id: str) -> MappingReview:
    """Return the tenant's own review for somebody who may decide, else 404."""
    review = page.get_object(request, object_id)
    if review is None or not page.may_decide(request):
        raise Http404
    return review


def with_undo(request: HttpRequest, sentence: str) -> str | SafeString:
    """Add a link that leads to the preview of taking the person's last decision back."""
    last = last_decision_of(actor_of(request), tenant=tenant_of(request))
    if last is None:
        return sentence
    path = reverse("admin:imports_mappingreview_undo", args=[last.pk]) + preserved(request)
    return format_html('{} <a class="ord-link" href="{}">Undo (U)</a>', sentence, path)


def lead_on(request: HttpRequest, review: MappingReview | None) -> HttpResponse:
    """Lead to this review or the next open one; to the list if nothing waits any more."""
    following = review or next_review(tenant_of(request), actor_of(request), wanted_by(request))
    if following is None:
        messages.info(request, "Nothing else waits for a decision here.")
        query = request.GET.get(PRESERVED, "")
        return HttpResponseRedirect(reverse(LIST) + (f"?{query}" if query else ""))
    return HttpResponseRedirect(reverse(CHANGE, args=[following.pk]) + preserved(request))


def begin(page: ReviewPage, request: HttpRequest) -> HttpResponse:
    """Open the first review of the queue that the list shows."""
    if not page.may_decide(request):
        raise Http404
    return lead_on(request, None)


def _id(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and int(text[:20]) <= LARGEST_ID else 0
