"""The page of a review: what came, what it may be, and the manager's three answers."""

from collections.abc import Callable
from typing import Any, Protocol

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from ordinavo.kernel.admin.json_view import pretty
from ordinavo.kernel.api import LARGEST_ID
from ordinavo.kernel.errors import DomainError
from ordinavo.tenants.staff import actor_of
from targets.imports.admin.comparing import compare
from targets.imports.models import MappingReview
from targets.imports.selectors.reviews import (
    candidates_of,
    chosen_of,
    customers_waiting,
    find_records,
    newest_items,
    records_of,
    why_not_created,
)
from targets.imports.services.reviews import create_from_review, dismiss_review, link_review


class ReviewPage(Protocol):
    """What these pages need of the reviews' admin."""

    def get_object(self, request: HttpRequest, object_id: str) -> MappingReview | None:
        """Return the review if it is the tenant's own."""

    def may_decide(self, request: HttpRequest) -> bool:
        """Whether the person may decide."""


def shown(page: ReviewPage, request: HttpRequest, review: MappingReview) -> dict[str, Any]:
    """Return what the page shows; the search only for those who may decide about an open review."""
    term = request.GET.get("q", "").replace("\0", "").strip()
    deciding = review.status == MappingReview.Status.OPEN and page.may_decide(request)
    candidates = candidates_of(review)
    items = newest_items(review)
    customers = customers_waiting(review)
    context: dict[str, Any] = {
        "review": review,
        "deciding": deciding,
        "candidates": candidates,
        "lines": compare(review, candidates),
        "sent": pretty(_sent(review, items[0].payload)) if items else "",
        "items": items,
        "chosen": chosen_of(review),
        "customers": customers,
        "term": term,
    }
    if deciding:
        context["not_created"] = why_not_created(review, review.record, customers)
        context["found"] = find_records(review, term, customers)
    return context


def link(page: ReviewPage, request: HttpRequest, object_id: str) -> HttpResponse:
    """Link to the record whose id was posted."""
    wanted = request.POST.get("record", "")

    def perform(review: MappingReview) -> str:
        record = records_of(review).filter(pk=_id(wanted)).first()
        if record is None:
            raise Http404
        link_review(review=review, record=record, actor=actor_of(request))
        return f"Linked to {record}. Everything that waited for it follows."

    return _decide(page, request, object_id, perform)


def create(page: ReviewPage, request: HttpRequest, object_id: str) -> HttpResponse:
    """Create a record from what was sent."""

    def perform(review: MappingReview) -> str:
        create_from_review(review=review, actor=actor_of(request))
        return f"The {review.kind} was created. Everything that waited for it follows."

    return _decide(page, request, object_id, perform)


def dismiss(page: ReviewPage, request: HttpRequest, object_id: str) -> HttpResponse:
    """Link nothing."""

    def perform(review: MappingReview) -> str:
        dismiss_review(review=review, actor=actor_of(request))
        return f"Dismissed: the {review.kind} stays unlinked, and is not asked about while nothing changes."

    return _decide(page, request, object_id, perform)


def _decide(
    page: ReviewPage, request: HttpRequest, object_id: str, perform: Callable[[MappingReview], str]
) -> HttpResponse:
    review = page.get_object(request, object_id)
    if review is None or not page.may_decide(request):
        raise Http404
    try:
        messages.success(request, perform(review))
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return HttpResponseRedirect(reverse("admin:imports_mappingreview_change", args=[review.pk]))


def _id(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and int(text[:20]) <= LARGEST_ID else 0


def _sent(review: MappingReview, payload: Any) -> Any:
    """Return the part of a payload that speaks of the record; in the old form contacts are in `customer`."""
    if not isinstance(payload, dict):
        return payload
    return payload.get(review.kind) or payload.get("customer") or payload
