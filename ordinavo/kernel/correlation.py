"""The two ids of a request: the caller's correlation id, and our own request id (a ULID, unique)."""

import re
from contextvars import ContextVar

from ulid import ULID

_SANE = re.compile(r"[A-Za-z0-9._:/+=@-]{1,128}")

correlation_id: ContextVar[str] = ContextVar("correlation_id", default="")
request_id: ContextVar[str] = ContextVar("request_id", default="")


def new_id() -> str:
    """Return a new ULID: 26 characters, sortable by time."""
    return str(ULID())


def accepted(sent: str | None) -> str:
    """Return the caller's id if it is printable, without spaces and at most 128 long; else a new one."""
    return sent if sent and _SANE.fullmatch(sent) else new_id()
