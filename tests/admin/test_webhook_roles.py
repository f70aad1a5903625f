"""Who sees what of webhooks, and who may do what."""

from django.test import Client
from django.utils import timezone

from integrations.models import IntegrationClient
from ordinavo.tenants.models import Role
from tests.admin.conftest import THEIRS, LogIn, Rows
from tests.admin.hooks import DELIVERIES, LIST, delivery_page, failed, form_of, page, text
from tests.webhooks import rows
from webhooks.models import Delivery, Subscription


def test_managers_steer_but_neither_change_nor_see_secrets(hook: Subscription, log_in: LogIn) -> None:
    browser = log_in(Role.MANAGER)

    shown = text(browser.get(page(hook, "change")))

    for rest in ("pause", "test", "replay"):
        assert page(hook, rest) in shown
    for rest in ("rotate", "remove"):
        assert page(hook, rest) not in shown
        assert browser.post(page(hook, rest), {"overlap": "0"}).status_code == 403
    assert browser.post(page(hook, "change"), form_of()).status_code == 403
    assert browser.get(f"{LIST}add/").status_code == 403
    hook.refresh_from_db()
    assert (hook.url, hook.deleted_at) == ("https://receiver.example/hook", None)


def test_support_steers_nothing(hook: Subscription, log_in: LogIn) -> None:
    browser = log_in(Role.SUPPORT)

    for rest in ("pause", "test", "replay", "rotate", "remove"):
        assert page(hook, rest) not in text(browser.get(page(hook, "change")))
        assert browser.post(page(hook, rest), {"overlap": "0"}).status_code == 403
    assert not Delivery.objects.exists()


def test_dispatchers_see_nothing_of_webhooks(hook: Subscription, log_in: LogIn) -> None:
    browser, delivery = log_in(Role.DISPATCHER), failed(hook)

    for path in (LIST, DELIVERIES, page(hook, "change"), delivery_page(delivery)):
        assert browser.get(path).status_code == 403
    for path in (page(hook, "live"), delivery_page(delivery, "live")):
        assert browser.get(path).status_code == 404
    assert browser.post(delivery_page(delivery, "resend")).status_code == 403
    assert Delivery.objects.count() == 1
    assert "Receivers in trouble" not in text(browser.get("/admin/"))


def test_operators_choose_a_tenant_before_they_steer(hook: Subscription, operator: Client) -> None:
    operator.post("/admin/tenants/tenant/switch/", {"tenant": ""})
    delivery = failed(hook)

    for rest in ("pause", "rotate", "test"):
        assert operator.post(page(hook, rest), {"overlap": "0"}).status_code == 403
    assert operator.post(delivery_page(delivery, "resend")).status_code == 403
    assert (Delivery.objects.count(), Subscription.objects.get().active) == (1, True)


def test_pages_beside_a_row_are_its_tenants_own(theirs: Rows, browser: Client) -> None:
    hook, delivery = theirs[Subscription], theirs[Delivery]

    for rest in ("pause", "test", "replay", "rotate", "remove"):
        assert browser.post(page(hook, rest), {"overlap": "0"}).status_code == 403, rest
    assert browser.get(page(hook, "live")).status_code == 404
    assert browser.get(delivery_page(delivery, "live")).status_code == 404
    assert browser.post(delivery_page(delivery, "resend")).status_code == 404
    action = {"action": "resend_selected", "_selected_action": str(delivery.pk)}
    browser.post(DELIVERIES, action)
    assert (Delivery.objects.count(), Subscription.objects.get().active) == (1, True)


def test_no_subscription_can_be_made_for_a_client_of_others(theirs: Rows, browser: Client) -> None:
    answer = browser.post(f"{LIST}add/", form_of(client=theirs[IntegrationClient].pk))

    assert list(answer.context["adminform"].form.errors) == ["client"]
    assert THEIRS not in text(answer).partition('<select id="tenant-switch"')[0]
    assert Subscription.objects.count() == 1


def test_the_start_page_names_receivers_in_trouble_once_each(hook: Subscription, log_in: LogIn) -> None:
    Subscription.objects.update(failure_streak=40, failing_since=timezone.now())
    rows.subscription(hook.client, description="All is well")
    for _ in range(3):
        failed(hook)

    shown = text(log_in(Role.SUPPORT).get("/admin/"))

    assert shown.count(f'href="{page(hook, "change")}"') == 1
    assert "40 failures in a row" in shown
    assert "All is well" not in shown
