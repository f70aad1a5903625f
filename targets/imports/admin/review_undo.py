"""Taking a decision back: first a preview of what goes and what stays, then the deed."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from ordinavo.kernel.admin.asking import shown
from ordinavo.kernel.admin.scope import tenant_of
from ordinavo.kernel.errors import DomainError
from ordinavo.tenants.staff import actor_of
from targets.imports.admin.review_filters import preserved
from targets.imports.admin.review_pages import CHANGE, ReviewPage
from targets.imports.api.forms import judge_form
from targets.imports.models import ReviewDecision
from targets.imports.selectors.decided import decision_words
from targets.imports.services.undoing import foretell_undo, undo_decision


def undo(page: ReviewPage, request: HttpRequest, decision_id: int) -> HttpResponse:
    """Say what taking a decision back would do; when that is posted, do it and show the review again."""
    decision = _decision(page, request, decision_id)
    if request.method == "POST":
        return _perform(request, decision)
    context: dict[str, Any] = {"title": "Take a decision back", "decision": decision}
    try:
        context["sentences"] = foretell_undo(
            decision=decision, actor=actor_of(request), judge=judge_form
        ).sentences
    except DomainError as refusal:
        context["refusal"] = refusal.message
    return shown(
        page,
        request,
        decision.review,
        "admin/imports/review_undo.html",
        said=decision_words(decision),
        back=reverse(CHANGE, args=[decision.review_id]) + preserved(request),
        **context,
    )


def _perform(request: HttpRequest, decision: ReviewDecision) -> HttpResponse:
    name = decision.review.name_sent
    try:
        undone = undo_decision(decision=decision, actor=actor_of(request), judge=judge_form)
        messages.success(request, f"{name}: the decision is taken back. {' '.join(undone.sentences)}")
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return HttpResponseRedirect(reverse(CHANGE, args=[decision.review_id]) + preserved(request))


def _decision(page: ReviewPage, request: HttpRequest, decision_id: int) -> ReviewDecision:
    if not page.may_decide(request):
        raise Http404
    rows = ReviewDecision.objects.filter(tenant=tenant_of(request), pk=decision_id)
    found = rows.select_related("review__source_system", "decided_by", "undone_by").first()
    if found is None:
        raise Http404
    return found
