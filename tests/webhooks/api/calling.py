"""Short words for tests of the webhook endpoints."""

from datetime import UTC, datetime, timedelta
from secrets import randbits
from typing import Any
from uuid import UUID

from ordinavo.kernel.instants import instant
from ordinavo.kernel.ulids import first_ulid
from tests.api import Api
from tests.imports.sending import assert_error_shape

LIST, DELIVERIES, TYPES = "/webhooks/subscriptions", "/webhooks/deliveries", "/webhooks/event-types"
URL = "https://erp.example.com/hooks/ordinavo"
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def wish(**members: Any) -> dict[str, Any]:
    """A subscription that says no more than it must."""
    return {"url": URL, "eventTypes": ["target.*"], **members}


def subscribed(api: Api, **members: Any) -> dict[str, Any]:
    """Create a subscription; the answer's body."""
    answer = api.post(LIST, wish(**members))
    assert answer.status_code == 201, answer.content
    body: dict[str, Any] = answer.json()
    return body


def read(api: Api, subscription_id: int) -> dict[str, Any]:
    """A subscription as the API tells it."""
    answer = api.get(f"{LIST}/{subscription_id}")
    assert answer.status_code == 200, answer.content
    body: dict[str, Any] = answer.json()
    return body


def changed(api: Api, subscription_id: int, **members: Any) -> dict[str, Any]:
    """Change a subscription; the answer's body."""
    answer = api.patch(f"{LIST}/{subscription_id}", members)
    assert answer.status_code == 200, answer.content
    body: dict[str, Any] = answer.json()
    return body


def faults(answer: Any, *, status: int = 400, code: str = "validation_failed") -> list[tuple[str, str]]:
    """Path and code of each fault of a refusal."""
    error = assert_error_shape(answer)
    assert (answer.status_code, error["code"]) == (status, code), answer.content
    return [(detail["path"], detail["code"]) for detail in error.get("details", [])]


def hour(number: int) -> datetime:
    """An hour counted from noon."""
    return NOON + timedelta(hours=number)


def made(at: datetime) -> dict[str, Any]:
    """What a delivery has that was made at a time: it shows in the id, too."""
    return {"id": UUID(int=first_ulid(at).int + randbits(80)), "created_at": at}


def said(at: datetime) -> str:
    """An instant as the API says it."""
    return instant(at) or ""
