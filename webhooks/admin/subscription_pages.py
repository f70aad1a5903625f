"""What staff can do with a subscription. A secret is on one answer, once, and on no other page."""

from typing import Any, Protocol

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from ordinavo.kernel.admin import show
from ordinavo.kernel.admin.asking import ask, done, posted, shown
from ordinavo.kernel.errors import DomainError
from ordinavo.tenants.staff import actor_of
from webhooks.admin.forms import ReplayForm, RotateForm, TestForm
from webhooks.models import Subscription
from webhooks.services.deliveries import send_test
from webhooks.services.replay import count_missed, replay
from webhooks.services.secrets import end_overlap, rotate_secret
from webhooks.services.subscriptions import change_subscription, delete_subscription


class SubscriptionPage(Protocol):
    """What these pages need of the subscriptions' admin."""

    admin_site: Any
    opts: Any

    def get_object(self, request: HttpRequest, object_id: str) -> Subscription | None:
        """Return the subscription if it is the tenant's own."""


def pause_page(page: SubscriptionPage, request: HttpRequest, object_id: str) -> HttpResponse:
    """Ask once more, then switch it off."""
    subscription = _found(page, request, object_id)

    def perform() -> HttpResponse:
        change_subscription(subscription=subscription, active=False, actor=actor_of(request))
        return done(request, "The subscription is paused.", show.page_of(subscription))

    return ask(
        page,
        request,
        subscription,
        perform,
        title=f"Pause {subscription}",
        submit_text="Pause",
        explanation="Deliveries that wait are cancelled, and new ones are not sent. What is missed meanwhile "
        "can be replayed later.",
        back=show.page_of(subscription),
    )


def activate_page(page: SubscriptionPage, request: HttpRequest, object_id: str) -> HttpResponse:
    """Ask once more, then switch it on."""
    subscription = _found(page, request, object_id)

    def perform() -> HttpResponse:
        change_subscription(subscription=subscription, active=True, actor=actor_of(request))
        message = "The subscription is on. Nothing that it missed is sent by itself: replay it."
        return done(request, message, show.page_of(subscription))

    return ask(
        page,
        request,
        subscription,
        perform,
        title=f"Activate {subscription}",
        submit_text="Activate",
        explanation="New events are delivered again, and past failures are forgotten. What was missed is not "
        "sent by itself: replay it afterwards.",
        back=show.page_of(subscription),
    )


def test_page(page: SubscriptionPage, request: HttpRequest, object_id: str) -> HttpResponse:
    """Ask for a type, send an example, and lead to its delivery."""
    subscription = _found(page, request, object_id)
    form = TestForm(subscription.client, posted(request))

    def perform() -> HttpResponse:
        wanted = form.cleaned_data["event_type"]
        sent = send_test(subscription=subscription, event_type=wanted, actor=actor_of(request))
        return done(request, f"An example of {wanted} is on its way.", show.page_of(sent))

    return ask(
        page,
        request,
        subscription,
        perform,
        form=form,
        title=f"Send a test to {subscription}",
        submit_text="Send test",
        explanation="An invented example, marked as such, signed like any other delivery. It is sent while "
        "the subscription is paused too, and its failure counts for nothing.",
        back=show.page_of(subscription),
    )


def replay_page(page: SubscriptionPage, request: HttpRequest, object_id: str) -> HttpResponse:
    """Ask for a time, tell how much that is, and send it if that is agreed to."""
    subscription = _found(page, request, object_id)
    form = ReplayForm(subscription, posted(request))

    def perform() -> HttpResponse:
        sent = replay(subscription=subscription, **form.asked(), actor=actor_of(request))
        deliveries = reverse("admin:webhooks_delivery_changelist")
        path = f"{deliveries}?subscription__id__exact={subscription.pk}"
        return done(request, f"{_events(sent)} on the way again.", path)

    back = show.page_of(subscription)
    title = f"Replay to {subscription}"
    if form.is_valid() and form.cleaned_data["counted"] == form.mark():
        texts = {"submit_text": "Send again", "title": title, "back": back}
        return ask(page, request, subscription, perform, form=form, **texts)
    form, context = _counted(subscription, form)
    return shown(
        page,
        request,
        subscription,
        "admin/simple_form.html",
        form=form,
        title=title,
        back=back,
        **context,
    )


def _counted(subscription: Subscription, form: ReplayForm) -> tuple[ReplayForm, dict[str, str]]:
    """Return the form, and what is said of it before anything is sent."""
    asked = {"explanation": "You are told how much that is before anything is sent.", "submit_text": "Count"}
    if not form.is_valid():
        return form, asked
    try:
        count = count_missed(subscription=subscription, **form.asked())
    except DomainError as refusal:
        form.add_error(None, refusal.details[0].message if refusal.details else refusal.message)
        return form, asked
    if not count:
        return form, {**asked, "explanation": "Nothing was missed in this time."}
    explanation = f"{_events(count)} to be sent again, signed with the present secret."
    return form.agreeing(), {"explanation": explanation, "submit_text": f"Send {count:,}"}


def _events(count: int) -> str:
    return "1 event is" if count == 1 else f"{count:,} events are"


def rotate_page(page: SubscriptionPage, request: HttpRequest, object_id: str) -> HttpResponse:
    """Ask for the overlap, then show the new secret."""
    subscription = _found(page, request, object_id)
    form = RotateForm(posted(request))

    def perform() -> HttpResponse:
        overlap = form.duration()
        current, secret = rotate_secret(subscription=subscription, overlap=overlap, actor=actor_of(request))
        return secret_page(page, request, current, secret)

    return ask(
        page,
        request,
        subscription,
        perform,
        form=form,
        title=f"Rotate the secret of {subscription}",
        submit_text="Rotate secret",
        explanation="You get a new secret. Until the overlap ends, deliveries are signed with both.",
        back=show.page_of(subscription),
    )


def end_overlap_page(page: SubscriptionPage, request: HttpRequest, object_id: str) -> HttpResponse:
    """Ask once more, then sign with the new secret only."""
    subscription = _found(page, request, object_id)

    def perform() -> HttpResponse:
        end_overlap(subscription=subscription, actor=actor_of(request))
        return done(request, "Only the new secret signs now.", show.page_of(subscription))

    return ask(
        page,
        request,
        subscription,
        perform,
        title=f"End the overlap of {subscription}",
        submit_text="End overlap",
        explanation="The old secret stops signing at once. Receivers that know only the old one refuse what "
        "comes from now on.",
        danger=True,
        back=show.page_of(subscription),
    )


def delete_page(page: SubscriptionPage, request: HttpRequest, object_id: str) -> HttpResponse:
    """Ask once more, then switch it off for good."""
    subscription = _found(page, request, object_id)

    def perform() -> HttpResponse:
        delete_subscription(subscription=subscription, actor=actor_of(request))
        path = reverse("admin:webhooks_subscription_changelist")
        return done(request, f"{subscription} was deleted.", path)

    return ask(
        page,
        request,
        subscription,
        perform,
        title=f"Delete {subscription}",
        submit_text="Delete",
        explanation="Deliveries that wait are cancelled. Past ones stay readable for 30 days. This cannot be "
        "taken back.",
        danger=True,
        back=show.page_of(subscription),
    )


def secret_page(
    page: SubscriptionPage, request: HttpRequest, subscription: Subscription, secret: str
) -> HttpResponse:
    """Return the one page that holds a secret."""
    facts = {"secret": secret, "back": show.page_of(subscription), "title": "The signing secret"}
    return shown(page, request, subscription, "admin/webhooks/secret.html", **facts)


def _found(page: SubscriptionPage, request: HttpRequest, object_id: str) -> Subscription:
    """Return the subscription; one that is not the tenant's own is not found."""
    subscription = page.get_object(request, object_id)
    if subscription is None:
        raise Http404
    return subscription
