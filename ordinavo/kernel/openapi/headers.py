"""The headers that operations share, in and out."""

from collections.abc import Mapping
from typing import Any

from ordinavo.kernel.openapi.shapes import Schema

CORRELATION = "X-Correlation-Id"


def _plain(example: str | None = None, **limits: Any) -> Schema:
    return {"type": "string", **limits, **({} if example is None else {"examples": [example]})}


PARAMETERS: dict[str, Schema] = {
    CORRELATION: {
        "name": CORRELATION,
        "in": "header",
        "description": (
            "Your own id of this exchange: 1 to 128 letters, digits and `. _ : / + = @ -`. Logs and import "
            "jobs keep it. Without a usable one a new id is made."
        ),
        "schema": _plain(example="order-4711", pattern="^[A-Za-z0-9._:/+=@-]{1,128}$"),
    },
    "Idempotency-Key": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": (
            "Makes it safe to send again after a time-out: the same request with the same key is done once, "
            "and for 48 hours the first 2xx answer is given again. Use a new key, such as a UUID, for every "
            "new request."
        ),
        "schema": _plain(example="9f1c7c1e-6c0b-4c51-b7c3-0d1f5c1f6a2e", pattern="^[ -~]{1,255}$"),
    },
}

HEADERS: dict[str, Schema] = {
    CORRELATION: {
        "description": "The id of this exchange: yours, or a new one.",
        "required": True,
        "schema": _plain(example="order-4711"),
    },
    "Location": {
        "description": "Path of what was made.",
        "required": True,
        "schema": _plain(example="/api/connect/v1/import-jobs/123", format="uri-reference"),
    },
    "Retry-After": {
        "description": "Seconds to wait before the next attempt.",
        "required": True,
        "schema": {"type": "integer", "minimum": 0, "examples": [5]},
    },
    "X-RateLimit-Limit": {
        "description": "How many requests you may send in a window of 60 seconds.",
        "schema": {"type": "integer", "minimum": 1, "examples": [1000]},
    },
    "X-RateLimit-Remaining": {
        "description": "How many are left of this window.",
        "schema": {"type": "integer", "minimum": 0, "examples": [987]},
    },
    "X-RateLimit-Reset": {
        "description": "When the window ends, in seconds of unix time.",
        "schema": {"type": "integer", "minimum": 0, "examples": [1_782_900_060]},
    },
    "WWW-Authenticate": {
        "description": "The scheme that is expected.",
        "required": True,
        "schema": _plain(example="Bearer", enum=["Bearer"]),
    },
    "Allow": {
        "description": "The methods that this path knows.",
        "required": True,
        "schema": _plain(example="POST"),
    },
    "Idempotent-Replayed": {
        "description": "`true`: this answer was given before, and nothing was done again.",
        "schema": _plain(enum=["true"]),
    },
    "Content-Disposition": {
        "description": "A name for the file.",
        "required": True,
        "schema": _plain(example='attachment; filename="import-job-123-errors.csv"'),
    },
    "ETag": {
        "description": "The version of the document, for `If-None-Match`.",
        "required": True,
        "schema": _plain(example='"b0f3"'),
    },
    "Cache-Control": {
        "description": "How long the answer may be kept.",
        "required": True,
        "schema": _plain(example="public, max-age=300"),
    },
}


# Not required: where the counter is away, requests pass uncounted.
RATE = dict.fromkeys(("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"), True)


def header_refs(wanted: Mapping[str, bool]) -> dict[str, Schema]:
    """Return an answer's headers: the correlation id and `wanted` ones, by name and whether they are sure."""
    sure = {name: {"$ref": f"#/components/headers/{name}"} for name, always in wanted.items() if always}
    maybe = {name: {**HEADERS[name], "required": False} for name, always in wanted.items() if not always}
    return {CORRELATION: {"$ref": f"#/components/headers/{CORRELATION}"}, **sure, **maybe}
