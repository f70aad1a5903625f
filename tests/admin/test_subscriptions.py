"""Subscriptions on their pages: making, steering, secrets, health."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from integrations.models import IntegrationClient
from ordinavo.tenants.models import AuditEntry, Role
from tests import factories
from tests.admin.conftest import LogIn
from tests.admin.hooks import LIST, attempt, delivery_page, failed, form_of, page, text
from tests.webhooks import rows
from webhooks.admin.figures import LOOKED_AT, Figures, figures_of
from webhooks.models import Delivery, Subscription


def test_a_subscription_is_made_for_a_client_and_its_secret_is_shown_once(
    erp: IntegrationClient, log_in: LogIn
) -> None:
    browser = log_in()

    answer = browser.post(f"{LIST}add/", form_of(client=erp.pk, description="Portal", contact_details="on"))

    made = Subscription.objects.get()
    assert (made.client, made.tenant, made.url) == (erp, erp.tenant, "https://portal.example/hook")
    assert (made.contact_details, made.customer_context) == (True, False)
    assert f'<code id="secret">{made.secret}</code>' in text(answer)
    assert "no-store" in answer.headers["Cache-Control"]
    for path in (LIST, page(made, "change"), page(made, "history"), "/admin/tenants/auditentry/"):
        assert made.secret not in text(browser.get(path))
    actions = AuditEntry.objects.filter(subject_type="webhooks.subscription").values_list("action", "actor")
    assert [(action, actor is not None) for action, actor in actions] == [
        ("webhook_subscription.created", True)
    ]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"url": "http://portal.example/hook"}, "url"),
        ({"url": "https://127.0.0.1/hook"}, "url"),
        ({"event_types": ["target.unheard_of"]}, "event_types"),
        ({"event_types": []}, "event_types"),
        ({"event_types": ["billing.*"]}, "event_types"),
        ({"billing_details": "on"}, "billing_details"),
    ],
)
def test_what_a_client_may_not_have_is_refused_beside_its_field(
    fields: dict[str, Any], field: str, erp: IntegrationClient, log_in: LogIn
) -> None:
    answer = log_in().post(f"{LIST}add/", form_of(client=erp.pk, **fields))

    assert list(answer.context["adminform"].form.errors) == [field]
    assert not Subscription.objects.exists()


def test_a_subscription_is_changed_by_its_form_and_keeps_its_client_and_secret(
    hook: Subscription, log_in: LogIn
) -> None:
    other = factories.client(hook.tenant)

    answer = log_in().post(page(hook, "change"), form_of(client=other.pk, customer_context="on"))

    changed = Subscription.objects.get()
    assert answer.status_code == 302
    assert (changed.url, changed.client, changed.secret) == (
        "https://portal.example/hook",
        hook.client,
        hook.secret,
    )
    assert AuditEntry.objects.get(subject_id=hook.pk).action == "webhook_subscription.changed"


def test_pausing_and_activating_ask_once_more(hook: Subscription, log_in: LogIn) -> None:
    browser = log_in(Role.MANAGER)
    waiting = rows.delivery(hook, rows.event(hook.client))

    assert browser.get(page(hook, "pause")).status_code == 200
    assert Subscription.objects.get().active
    browser.post(page(hook, "pause"))
    hook.refresh_from_db()
    waiting.refresh_from_db()
    assert (hook.active, hook.disabled_reason, waiting.status) == (False, "paused", "Cancelled")
    assert browser.get(page(hook, "pause")).status_code == 403
    browser.post(page(hook, "activate"))

    assert Subscription.objects.get().active
    assert [entry.action for entry in AuditEntry.objects.filter(subject_id=hook.pk).order_by("pk")] == [
        "webhook_subscription.paused",
        "webhook_subscription.activated",
    ]


def test_a_rotated_secret_is_shown_once_and_the_overlap_can_be_ended(
    hook: Subscription, log_in: LogIn
) -> None:
    browser = log_in()
    old = hook.secret

    answer = browser.post(page(hook, "rotate"), {"overlap": "3600"})

    hook.refresh_from_db()
    assert hook.previous_secret == old != hook.secret
    assert f'<code id="secret">{hook.secret}</code>' in text(answer)
    assert hook.secret not in text(browser.get(page(hook, "change")))
    browser.post(page(hook, "end_overlap"))
    hook.refresh_from_db()
    assert hook.previous_secret is None


def test_a_test_leads_to_the_page_of_its_delivery(hook: Subscription, log_in: LogIn) -> None:
    answer = log_in(Role.MANAGER).post(page(hook, "test"), {"event_type": "target.updated"})

    sent = Delivery.objects.get()
    assert answer.headers["Location"] == delivery_page(sent)
    assert (sent.event_type, sent.by_hand, sent.event.is_example) == ("target.updated", True, True)


def test_a_test_offers_billing_only_with_the_feature(hook: Subscription, log_in: LogIn) -> None:
    offered = text(log_in().get(page(hook, "test")))

    assert 'value="target.updated"' in offered
    assert "billing." not in offered


def test_a_replay_counts_first_and_sends_only_what_was_agreed_to(hook: Subscription, log_in: LogIn) -> None:
    browser = log_in(Role.MANAGER)
    missed = failed(hook)
    now = timezone.localtime(timezone=ZoneInfo(hook.tenant.time_zone))
    asked = {
        "since": f"{now - timedelta(hours=2):%Y-%m-%dT%H:%M}",
        "until": f"{now + timedelta(minutes=1):%Y-%m-%dT%H:%M}",
        "statuses": ["Failed", "Cancelled"],
    }

    counted = browser.post(page(hook, "replay"), asked)

    assert "1 event is to be sent again" in text(counted)
    assert Delivery.objects.count() == 1
    agreed = counted.context["form"]["counted"].value()
    other = browser.post(page(hook, "replay"), {**asked, "statuses": ["Cancelled"], "counted": agreed})
    assert "Nothing was missed in this time." in text(other)
    assert Delivery.objects.count() == 1
    browser.post(page(hook, "replay"), {**asked, "counted": agreed})
    again = Delivery.objects.exclude(pk=missed.pk).get()
    assert (again.redelivery_of_id, again.status) == (missed.pk, "Pending")
    assert AuditEntry.objects.get(action="webhook_subscription.replayed").actor is not None


def test_a_replay_that_ends_before_it_starts_is_refused_in_words(hook: Subscription, log_in: LogIn) -> None:
    asked = {"since": "2026-01-02T00:00", "until": "2026-01-01T00:00", "statuses": ["Failed"]}

    answer = log_in().post(page(hook, "replay"), asked)

    assert answer.context["form"].non_field_errors() == ["Must lie after since."]


def test_a_deleted_subscription_stays_readable_and_offers_nothing(hook: Subscription, log_in: LogIn) -> None:
    browser = log_in()
    browser.post(page(hook, "remove"))

    assert page(hook, "change") not in text(browser.get(LIST))
    assert page(hook, "change") in text(browser.get(f"{LIST}?state=deleted"))
    shown = browser.get(page(hook, "change"))
    assert "Deleted" in text(shown)
    for rest in ("pause", "activate", "test", "replay", "rotate", "remove"):
        assert page(hook, rest) not in text(shown)
        assert browser.post(page(hook, rest), {"overlap": "0"}).status_code == 403
    assert browser.post(page(hook, "change"), form_of()).status_code == 403


def test_the_states_are_told_apart(erp: IntegrationClient, log_in: LogIn) -> None:
    off = {"active": False, "disabled_at": timezone.now()}
    made = {
        "on": rows.subscription(erp),
        "failing": rows.subscription(erp, failure_streak=3, failing_since=timezone.now()),
        "paused": rows.paused(erp),
        "gone": rows.subscription(erp, disabled_reason="gone", **off),
        "given_up": rows.subscription(erp, disabled_reason="failing", **off),
    }
    browser = log_in()

    for state, expected in made.items():
        shown = text(browser.get(f"{LIST}?state={state}"))
        found = {name for name, one in made.items() if page(one, "change") in shown}
        assert found == ({"on", "failing"} if state == "on" else {state}), state
        assert page(expected, "change") in shown


def test_health_looks_at_the_last_attempts_only(hook: Subscription) -> None:
    delivery = failed(hook)
    for number in range(LOOKED_AT + 20):
        attempt(delivery, status_code=500 if number < 20 else 200, duration_ms=5000 if number < 20 else 80)
    attempt(delivery, status_code=None, error="timeout", duration_ms=15000)

    assert figures_of([hook.pk, 0]) == {hook.pk: Figures(100, 99, 80)}


def test_ninety_nine_of_a_hundred_and_one_are_not_rounded_up_to_all() -> None:
    assert Figures(1000, 999, 1).percent == 99


def test_the_page_renews_its_health(hook: Subscription, log_in: LogIn) -> None:
    browser = log_in(Role.SUPPORT)
    attempt(failed(hook), status_code=503)

    shown = text(browser.get(page(hook, "live")))

    assert "0 % of its only attempt" in shown
    assert f'hx-get="{page(hook, "live")}"' in shown
