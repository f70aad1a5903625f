"""When a task was sent: stamped by the sender, so that a task knows what stood before it in the queue."""

from datetime import UTC, datetime
from typing import Any

from celery.app.task import Context
from django.utils import timezone

_HEADER = "sent_at"


def stamp(headers: dict[str, Any]) -> None:
    """Note the time in the headers of a message that is about to be sent."""
    headers[_HEADER] = datetime.now(UTC).isoformat()


def sent_at(request: Context) -> datetime:
    """Return when the task was sent; now, if it was called directly."""
    sent = (request.headers or {}).get(_HEADER)
    return datetime.fromisoformat(sent) if sent else timezone.now()
