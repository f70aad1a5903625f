"""Every error code in one table: when it comes and what to do about it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from ordinavo.kernel.openapi.headers import RATE, header_refs
from ordinavo.kernel.openapi.shapes import Schema, component, listing, text, thing, whole

CORRELATION_ID = "01K0F3S3Y0M3C6T5ZQW7J8N9PB"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One code. `facts` and `details` are those of the example; `advice` tells the caller what to do."""

    status: int
    code: str
    message: str
    advice: str
    facts: dict[str, Any] = field(default_factory=dict)
    details: tuple[dict[str, str], ...] = ()

    def example(self) -> dict[str, Any]:
        """Return the code as an example of the document."""
        error: dict[str, Any] = {"code": self.code, "message": self.message, "correlationId": CORRELATION_ID}
        error |= self.facts
        if self.details:
            error["details"] = list(self.details)
        return {"summary": self.code, "description": self.advice, "value": {"error": error}}


CATALOGUE: dict[str, Refusal] = {}


def refusal(status: int, code: str, message: str, advice: str, **more: Any) -> str:
    """Enter a code in the table and return it."""
    CATALOGUE[code] = Refusal(status, code, message, advice, **more)
    return code


def _detail(path: str, code: str, message: str) -> dict[str, str]:
    return {"path": path, "code": code, "message": message}


BAD_REQUEST = refusal(
    400,
    "bad_request",
    "Bad Request",
    "HTTP that no endpoint could read, such as an unknown Host. Check the URL.",
)
INVALID_JSON = refusal(
    400,
    "invalid_json",
    "The body is not valid JSON (Expecting value, line 1, column 1).",
    "The body is empty, not JSON, or holds what readers disagree about. Correct the sender.",
)
VALIDATION_FAILED = refusal(
    400,
    "validation_failed",
    "One or more fields are invalid.",
    "`details` name each field or query parameter. Correct them and send again.",
    details=(_detail("planning.estimatedWorkMinutes", "min_value", "Must be at least 1."),),
)
INVALID_KEY = refusal(
    400,
    "invalid_idempotency_key",
    "The Idempotency-Key header is not usable.",
    "Use 1 to 255 printable ASCII characters, such as a UUID.",
    details=(
        _detail(
            "header.Idempotency-Key",
            "invalid_idempotency_key",
            "Must be 1 to 255 printable ASCII characters.",
        ),
    ),
)
UNAUTHORIZED = refusal(
    401,
    "unauthorized",
    "The API key has expired.",
    "No key, or none that works: unknown, mistyped, expired or revoked. Ask for a new one.",
)
MISSING_SCOPE = refusal(
    403,
    "missing_scope",
    "This needs the scope customers.map.",
    "`requiredScope` names what is missing, `details` the part of the body that needs it. Ask for it.",
    facts={"requiredScope": "customers.map"},
    details=(_detail("location", "missing_scope", "This needs the scope customers.map."),),
)
CLIENT_DISABLED = refusal(
    403,
    "client_disabled",
    "This integration client is switched off.",
    "Stop sending, and ask whoever runs Ordinavo for you.",
)
IP_NOT_ALLOWED = refusal(
    403,
    "ip_not_allowed",
    "This integration client may not call from this address.",
    "Call from an address on the allowlist, or have yours added.",
)
NOT_FOUND = refusal(
    404, "not_found", "There is nothing with this id.", "No such thing, or not yours. Check path and id."
)
METHOD_NOT_ALLOWED = refusal(
    405,
    "method_not_allowed",
    "This path does not know this method; see the header Allow.",
    "The header `Allow` lists the methods.",
)
NOT_ACCEPTABLE = refusal(
    406,
    "not_acceptable",
    "This API answers with application/json only.",
    "Send `Accept: application/json` or leave it out.",
)
CONFLICT = refusal(
    409,
    "conflict",
    "The state of the thing does not allow this.",
    "Read its present state first. Sending again alone does not help.",
)
IDEMPOTENCY_CONFLICT = refusal(
    409,
    "idempotency_conflict",
    "This Idempotency-Key was used for another request.",
    "A fault of the sender: one key, one request. Use a new key.",
)
IDEMPOTENCY_IN_PROGRESS = refusal(
    409,
    "idempotency_in_progress",
    "A request with this Idempotency-Key is still running.",
    "Send the same again after `Retry-After`.",
    facts={"retryAfterSeconds": 1},
)
PAYLOAD_TOO_LARGE = refusal(
    413,
    "payload_too_large",
    "The body may have at most 1,048,576 bytes.",
    "Send a smaller body; the operation says how much it takes.",
)
UNSUPPORTED_MEDIA_TYPE = refusal(
    415,
    "unsupported_media_type",
    "Send the body as application/json.",
    "Plain `application/json` in UTF-8, not compressed.",
)
RATE_LIMITED = refusal(
    429,
    "rate_limited",
    "This integration client may send 1,000 requests a minute.",
    "Too many requests, unfinished batches, or requests without a working key. Wait `Retry-After` seconds.",
    facts={"retryAfterSeconds": 42},
)
INTERNAL_ERROR = refusal(
    500,
    "internal_error",
    "Something went wrong on our side. It has been logged under the correlation id.",
    "Send again later, with the same Idempotency-Key. If it stays, tell us the correlation id.",
)
UNAVAILABLE = refusal(
    503,
    "unavailable",
    "The service is not available at the moment. Nothing was done.",
    "Send again after `Retry-After` seconds.",
    facts={"retryAfterSeconds": 5},
)

DETAIL = component(
    "ErrorDetail",
    thing(
        "One fault.",
        {
            "path": text(
                "Where: a field (`planning.dueDate`), `query.<name>`, `header.<name>`; empty: the whole.",
                example="planning.estimatedWorkMinutes",
            ),
            "code": text("Which: a word for programs. New ones may come.", example="min_value"),
            "message": text("A sentence for people; its wording may change.", example="Must be at least 1."),
        },
    ),
)
ERROR = component(
    "Error",
    thing(
        "The one shape of every answer that is not 2xx.",
        {
            "error": thing(
                "What went wrong.",
                {
                    "code": text("A word for programs to act on.", example="validation_failed"),
                    "message": text("A sentence for people; its wording may change."),
                    "correlationId": text(
                        "The id of this exchange, as in the header X-Correlation-Id.", example=CORRELATION_ID
                    ),
                    "details": listing("The single faults, where there are any.", DETAIL),
                    "requiredScope": text("With `missing_scope`.", example="customers.map"),
                    "importJobId": whole(
                        "With a refused import: the job that keeps what was sent.", example=123
                    ),
                    "retryAfterSeconds": whole("With 429, 503 and a key in progress.", example=5, minimum=0),
                },
                optional=("details", "requiredScope", "importJobId", "retryAfterSeconds"),
            )
        },
    ),
)

_HEADERS: dict[int, dict[str, bool]] = {
    401: {"WWW-Authenticate": True},
    405: {"Allow": True},
    409: {"Retry-After": False},
    429: {"Retry-After": True} | RATE,
    503: {"Retry-After": True},
}


def answers(codes: Iterable[str], *, whole: Collection[str] = ()) -> dict[str, Schema]:
    """Return the error answers of an operation, by status.

    A status with a single code is a reference to a shared answer, unless it is named in `whole`.
    """
    by_status: dict[int, list[Refusal]] = {}
    for code in codes:
        by_status.setdefault(CATALOGUE[code].status, []).append(CATALOGUE[code])
    return {
        str(status): {"$ref": f"#/components/responses/{refusals[0].code}"}
        if len(refusals) == 1 and str(status) not in whole
        else _answer(status, refusals)
        for status, refusals in by_status.items()
    }


def shared_answers() -> dict[str, Schema]:
    """Return an answer for each code, for operations to refer to."""
    return {code: _answer(one.status, [one]) for code, one in CATALOGUE.items()}


def _answer(status: int, refusals: list[Refusal]) -> Schema:
    meanings = [f"- `{one.code}`: {one.advice}" for one in refusals]
    examples = {one.code: {"$ref": f"#/components/examples/{one.code}"} for one in refusals}
    return {
        "description": "\n".join([HTTPStatus(status).phrase + ".", "", *meanings]),
        "headers": header_refs(_HEADERS.get(status, {})),
        "content": {"application/json": {"schema": ERROR, "examples": examples}},
    }


def table() -> str:
    """Return the table of all codes as Markdown."""
    rows = sorted(CATALOGUE.values(), key=lambda one: one.status)
    lines = [f"| {one.status} | `{one.code}` | {one.advice} |" for one in rows]
    return "\n".join(["| HTTP | code | what to do |", "|---|---|---|", *lines])
