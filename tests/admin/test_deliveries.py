"""Deliveries and events on their pages: what happened, what would be sent, sending again."""

from datetime import timedelta

from django.utils import timezone

from ordinavo.tenants.models import AuditEntry, Role
from tests.admin.conftest import OURS, LogIn, Rows
from tests.admin.hooks import DELIVERIES, attempt, delivery_page, failed, text
from tests.webhooks import rows
from webhooks.models import Delivery, Event, Subscription


def test_a_delivery_tells_what_happened_and_what_to_do(hook: Subscription, log_in: LogIn) -> None:
    delivery = failed(hook)
    attempt(delivery, status_code=None, error="connection_refused")
    attempt(delivery, status_code=404, answer="<b>no such page</b>")

    shown = text(log_in(Role.SUPPORT).get(delivery_page(delivery)))

    assert "The connection was refused." in shown
    assert "The receiver answered 404." in shown
    assert "Check the path of the URL." in shown
    assert "&lt;b&gt;no such page&lt;/b&gt;" in shown


def test_a_delivery_shows_the_request_as_it_would_be_sent_now_without_whole_signatures(
    hook: Subscription, log_in: LogIn
) -> None:
    customer = {"externalId": "C-1", "name": "Acme"}
    event = rows.event(hook.client, snapshot={"target": {"title": "Visit"}, "customer": customer})
    delivery = rows.delivery(hook, event)
    browser = log_in(Role.SUPPORT)

    before = text(browser.get(delivery_page(delivery)))
    Subscription.objects.update(customer_context=False)
    after = text(browser.get(delivery_page(delivery)))

    assert "C-1" in before
    assert "C-1" not in after
    assert event.public_id in after
    assert "sha256=…" in after
    assert "v1,…" in after
    assert hook.secret not in before + after
    assert "sha256=0" not in after.replace("sha256=…", "")


def test_support_sends_a_delivery_again_after_a_question(hook: Subscription, log_in: LogIn) -> None:
    delivery = failed(hook)
    browser = log_in(Role.SUPPORT)

    assert browser.get(delivery_page(delivery, "resend")).status_code == 200
    assert Delivery.objects.count() == 1
    answer = browser.post(delivery_page(delivery, "resend"))

    again = Delivery.objects.exclude(pk=delivery.pk).get()
    assert answer.headers["Location"] == delivery_page(again)
    assert (again.redelivery_of, again.event_id) == (delivery, delivery.event_id)
    assert AuditEntry.objects.get(action="webhook_subscription.redelivered").actor is not None


def test_sending_again_to_a_deleted_subscription_is_refused_in_words(
    hook: Subscription, log_in: LogIn
) -> None:
    delivery = failed(hook)
    off = {"active": False, "disabled_reason": "deleted", "disabled_at": timezone.now()}
    Subscription.objects.update(deleted_at=timezone.now(), **off)

    answer = log_in().post(delivery_page(delivery, "resend"))

    assert answer.context["form"].non_field_errors() == ["The subscription of this delivery was deleted."]
    assert Delivery.objects.count() == 1


def test_selected_deliveries_are_sent_again(hook: Subscription, log_in: LogIn) -> None:
    chosen, left = [failed(hook), failed(hook)], failed(hook)
    action = {"action": "resend_selected", "_selected_action": [str(one.pk) for one in chosen]}

    answer = log_in(Role.SUPPORT).post(DELIVERIES, action, follow=True)

    assert "2 are on the way again." in text(answer)
    assert {again.redelivery_of for again in Delivery.objects.filter(by_hand=True)} == set(chosen)
    assert not left.redeliveries.exists()


def test_deliveries_are_found_by_what_people_have_in_hand(ours: Rows, log_in: LogIn) -> None:
    browser, delivery, event = log_in(Role.SUPPORT), ours[Delivery], ours[Event]
    other = failed(ours[Subscription])

    for term in (
        delivery.public_id,
        event.public_id,
        event.correlation_id,
        f"{OURS}-T" + event.correlation_id.removeprefix(f"{OURS}-E"),
    ):
        shown = text(browser.get(DELIVERIES, {"q": term}))
        assert delivery_page(delivery) in shown, term
        assert delivery_page(other) not in shown, term
    assert delivery_page(delivery) not in text(browser.get(DELIVERIES, {"q": "evt_unheard"}))


def test_deliveries_are_filtered_by_status_type_and_time(hook: Subscription, log_in: LogIn) -> None:
    browser = log_in(Role.SUPPORT)
    made = {
        "failed": failed(hook),
        "retrying": failed(hook, status="Retrying", due_at=timezone.now(), finished_at=None),
        "delivered": failed(hook, status="Delivered"),
        "cancelled": failed(hook, status="Cancelled", event_type="target.cancelled"),
    }

    def found(query: str) -> set[str]:
        shown = text(browser.get(f"{DELIVERIES}?{query}"))
        return {name for name, one in made.items() if delivery_page(one) in shown}

    assert found("status=failing") == {"failed", "retrying"}
    assert found("status=Cancelled") == {"cancelled"}
    assert found("event_type=target.cancelled") == {"cancelled"}
    assert found(f"subscription__id__exact={hook.pk}") == set(made)
    assert found("age=hour") == found("age=week") == found("status=nonsense") == set(made)


def test_an_open_delivery_renews_itself_and_a_finished_one_does_not(
    hook: Subscription, log_in: LogIn
) -> None:
    soon, done = rows.delivery(hook, rows.event(hook.client)), failed(hook)
    late = rows.delivery(hook, rows.event(hook.client), due_at=timezone.now() + timedelta(hours=5))
    browser = log_in(Role.SUPPORT)

    assert 'hx-trigger="every 2s"' in text(browser.get(delivery_page(soon, "live")))
    assert 'hx-trigger="every 30s"' in text(browser.get(delivery_page(late, "live")))
    assert "hx-trigger" not in text(browser.get(delivery_page(done, "live")))


def test_an_event_shows_its_snapshot_its_subject_and_who_is_told(ours: Rows, log_in: LogIn) -> None:
    event = ours[Event]

    shown = text(log_in(Role.SUPPORT).get(f"/admin/webhooks/event/{event.pk}/change/"))

    assert f"/admin/targets/target/{event.subject_id}/change/" in shown
    assert delivery_page(ours[Delivery]) in shown
    assert f"&quot;title&quot;: &quot;{OURS}&quot;" in shown
