"""Linking many reviews at once: the manager picks a score, sees who would be linked to whom, and confirms."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from unfold.widgets import UnfoldAdminDecimalFieldWidget

from ordinavo.kernel.admin.asking import shown
from ordinavo.kernel.admin.scope import tenant_of
from ordinavo.kernel.api import LARGEST_ID
from ordinavo.tenants.staff import actor_of
from targets.imports.admin.review_filters import PRESERVED, preserved, wanted_by
from targets.imports.admin.review_pages import LIST, ReviewPage
from targets.imports.selectors.accepting import MOST_ACCEPTED, proposals
from targets.imports.services.accepting import Accepted, accept_reviews

LEAST, USUAL = 50, 65
_REFUSALS_TOLD = 5


class LeastForm(forms.Form):
    """The score from which on reviews are accepted."""

    least = forms.DecimalField(
        label="From a score of (percent)",
        min_value=LEAST,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        initial=USUAL,
        widget=UnfoldAdminDecimalFieldWidget(attrs={"step": "any"}),
    )


def accept(page: ReviewPage, request: HttpRequest) -> HttpResponse:
    """Show what would be linked from a score on; when the pairs come back, link them one by one."""
    if not page.may_decide(request):
        raise Http404
    if request.method == "POST":
        return _perform(request)
    form = LeastForm({"least": request.GET.get("least") or USUAL})
    context: dict[str, Any] = {"form": form, "kept_filters": request.GET.get(PRESERVED, "")}
    if form.is_valid():
        least = float(form.cleaned_data["least"]) / 100
        context["found"] = proposals(tenant_of(request), least=least, wanted=wanted_by(request))
        context["most"] = MOST_ACCEPTED
    return shown(
        page,
        request,
        None,
        "admin/imports/review_accept.html",
        title="Accept the likeliest",
        filters=sorted(wanted_by(request).items()),
        back=_list(request),
        kept=preserved(request),
        **context,
    )


def _perform(request: HttpRequest) -> HttpResponse:
    pairs = [pair for text in request.POST.getlist("pair")[:MOST_ACCEPTED] if (pair := _pair(text))]
    accepted = accept_reviews(tenant=tenant_of(request), pairs=pairs, actor=actor_of(request))
    _tell(request, accepted)
    return HttpResponseRedirect(_list(request))


def _tell(request: HttpRequest, accepted: Accepted) -> None:
    count = accepted.linked
    if count:
        messages.success(
            request, f"{count} review{'' if count == 1 else 's'} linked. Each can be taken back on its page."
        )
    for name, sentence in accepted.refused[:_REFUSALS_TOLD]:
        messages.warning(request, f"{name}: {sentence}")
    more = len(accepted.refused) - _REFUSALS_TOLD
    if more > 0:
        messages.warning(request, f"{more} more were refused, and wait as before.")
    if not count and not accepted.refused:
        messages.info(request, "Nothing was chosen.")


def _pair(text: str) -> tuple[int, int] | None:
    numbers = text.split(":")
    if len(numbers) != 2 or not all(n.isascii() and n.isdigit() and len(n) < 20 for n in numbers):
        return None
    review, record = (int(number) for number in numbers)
    return (review, record) if max(review, record) <= LARGEST_ID else None


def _list(request: HttpRequest) -> str:
    query = QueryDict(request.GET.get(PRESERVED, "")).urlencode()
    return reverse(LIST) + (f"?{query}" if query else "")
