"""What managers do about billing events: each asks once more and says what happened."""

from collections.abc import Callable
from typing import Any, Protocol

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from unfold.widgets import UnfoldAdminTextInputWidget

from ordinavo.kernel.admin import show
from ordinavo.kernel.admin.asking import ask, done, posted
from ordinavo.kernel.admin.chosen import ids_in, path_with
from ordinavo.kernel.admin.scope import tenant_of
from ordinavo.kernel.errors import DomainError
from ordinavo.tenants.models import MINUTES_A_DAY
from ordinavo.tenants.staff import actor_of
from targets.visits.models import BillingEvent
from targets.visits.selectors.billing import billing_of
from targets.visits.services.billing import enter_minutes
from targets.visits.services.settling import mark_sent, tell_again

_NAMED = 5


class BillingPage(Protocol):
    """What these pages need of the billing events' admin."""

    admin_site: Any
    opts: Any

    def get_object(self, request: HttpRequest, object_id: str) -> BillingEvent | None:
        """Return the event if it is the tenant's own."""

    def may_bill(self, request: HttpRequest) -> bool:
        """Whether the person may do something about billing."""


class MinutesForm(forms.Form):
    """How long the work took."""

    minutes = forms.IntegerField(
        label="Minutes of work",
        min_value=1,
        max_value=MINUTES_A_DAY,
        widget=UnfoldAdminTextInputWidget(attrs={"type": "number", "min": 1, "max": MINUTES_A_DAY}),
    )


def tell_page(page: BillingPage, request: HttpRequest, object_id: str) -> HttpResponse:
    """Send once more what was missed, or say anew that it is ready."""
    event = _found(page, request, object_id)

    def perform() -> HttpResponse:
        return done(request, _told(tell_again(**_whose(request, event.pk))), show.page_of(event))

    return ask(
        page,
        request,
        event,
        perform,
        title=f"Tell of billing event {event.pk} again",
        explanation="Deliveries that failed or were cancelled are sent once more. Where there are none, "
        "a new billing.event_ready says that it is ready.",
        submit_text="Tell again",
        away_text="Not now",
        back=show.page_of(event),
    )


def mark_page(page: BillingPage, request: HttpRequest, object_id: str) -> HttpResponse:
    """Write down that it was billed by hand."""
    event = _found(page, request, object_id)

    def perform() -> HttpResponse:
        mark_sent(**_whose(request, event.pk))
        return done(request, f"Billing event {event.pk} is marked as sent.", show.page_of(event))

    return ask(
        page,
        request,
        event,
        perform,
        title=f"Mark billing event {event.pk} as sent",
        explanation="Do this if it was billed by hand. Outside systems are told billing.event_sent; it can't "
        "be taken back.",
        submit_text="Mark as sent",
        danger=True,
        away_text="Not now",
        back=show.page_of(event),
    )


def minutes_page(page: BillingPage, request: HttpRequest, object_id: str) -> HttpResponse:
    """Give the minutes of work that nobody knew."""
    event = _found(page, request, object_id)
    form = MinutesForm(posted(request), initial={"minutes": event.work_minutes})

    def perform() -> HttpResponse:
        changed = enter_minutes(**_whose(request, event.pk), **form.cleaned_data)
        now = " It is ready." if changed.status == BillingEvent.Status.READY else ""
        return done(request, f"The minutes are saved.{now}", show.page_of(event))

    return ask(
        page,
        request,
        event,
        perform,
        form=form,
        title=f"Minutes of billing event {event.pk}",
        explanation="Once the customer is known, too, the event is ready and told with these minutes.",
        submit_text="Save",
        away_text="Not now",
        back=show.page_of(event),
    )


def ask_about(rows: QuerySet[BillingEvent], verb: str) -> HttpResponse:
    """Lead to the page that asks about the selected events."""
    page = reverse("admin:visits_billingevent_several", args=[verb])
    return HttpResponseRedirect(path_with(page, "events", rows))


def several(page: BillingPage, request: HttpRequest, verb: str) -> HttpResponse:
    """Ask once more about several events, then do it with each by itself."""
    if verb not in _VERBS:
        raise Http404
    if not page.may_bill(request):
        raise PermissionDenied
    rows = billing_of(tenant_of(request)).filter(pk__in=ids_in(request.GET.get("events", "")))
    chosen = list(rows.order_by("pk").values_list("pk", flat=True))
    perform, what, text = _VERBS[verb]
    back = reverse("admin:visits_billingevent_changelist")

    def all_of_them() -> HttpResponse:
        _perform_each(request, chosen, perform, what)
        return HttpResponseRedirect(back)

    return ask(
        page,
        request,
        None,
        all_of_them,
        title=f"{text}: {len(chosen)} billing event{'' if len(chosen) == 1 else 's'}",
        explanation=f"Billing events {', '.join(map(str, chosen[:20])) or 'none'}"
        f"{', …' if len(chosen) > 20 else ''}. Those for which it is not possible are left, and named.",
        submit_text=text,
        danger=verb == "mark",
        away_text="Not now",
        back=back,
    )


def _perform_each(request: HttpRequest, chosen: list[int], perform: Callable[..., object], what: str) -> None:
    count, left = 0, []
    for event_id in chosen:
        try:
            perform(**_whose(request, event_id))
            count += 1
        except DomainError as refusal:
            left.append(f"{event_id}: {refusal.message}")
    if count:
        messages.success(request, f"{count} {what}.")
    if left:
        more = f" And {len(left) - _NAMED} more." if len(left) > _NAMED else ""
        messages.warning(request, f"Left: {' '.join(left[:_NAMED])}{more}")


_VERBS: dict[str, tuple[Callable[..., object], str, str]] = {
    "tell": (tell_again, "told again", "Tell again"),
    "mark": (mark_sent, "marked as sent", "Mark as sent"),
}


def _found(page: BillingPage, request: HttpRequest, object_id: str) -> BillingEvent:
    event = page.get_object(request, object_id)
    if event is None:
        raise Http404
    if not page.may_bill(request):
        raise PermissionDenied
    return event


def _whose(request: HttpRequest, event_id: int) -> dict[str, Any]:
    return {"tenant": tenant_of(request), "event_id": event_id, "actor": actor_of(request)}


def _told(redeliveries: int) -> str:
    if not redeliveries:
        return "A new billing.event_ready is on its way."
    return f"{redeliveries} deliver{'y is' if redeliveries == 1 else 'ies are'} on the way once more."
