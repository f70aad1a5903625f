"""Pages of webhooks, and what is shown on them."""

from typing import Any

from django.utils import timezone

from tests.webhooks import rows
from webhooks.models import Attempt, Delivery, Subscription

LIST = "/admin/webhooks/subscription/"
DELIVERIES = "/admin/webhooks/delivery/"


def page(subscription: Subscription, rest: str) -> str:
    return f"{LIST}{subscription.pk}/{rest}/"


def delivery_page(delivery: Delivery, rest: str = "change") -> str:
    return f"{DELIVERIES}{delivery.pk}/{rest}/"


def text(answer: Any) -> str:
    shown: str = answer.content.decode()
    return shown


def failed(hook: Subscription, **fields: Any) -> Delivery:
    over = {"status": "Failed", "due_at": None, "finished_at": timezone.now()}
    return rows.delivery(hook, rows.event(hook.client), **{**over, **fields})


def attempt(delivery: Delivery, **fields: Any) -> Attempt:
    made = {"started_at": timezone.now(), "duration_ms": 20, "status_code": 200, **fields}
    whose = {"tenant": delivery.tenant, "subscription": delivery.subscription, "delivery": delivery}
    return Attempt.objects.create(**whose, **made)


def form_of(**fields: Any) -> dict[str, Any]:
    return {"url": "https://portal.example/hook", "event_types": ["target.*"], **fields}
