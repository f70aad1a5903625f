"""`Idempotency-Key`: the same request twice is done once.

1. Whoever gets the advisory lock of client, method, path and key goes on; the others are told to come back.
   The lock ends with the transaction, so a crash frees it.
2. A kept answer is given again, if the request is the same.
3. Otherwise the view runs inside this transaction, and a good answer is kept with what the view did.
"""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import parse_qsl

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from integrations.grants import grant_of
from integrations.models import IdempotencyRecord, IntegrationClient
from ordinavo.kernel import crypto
from ordinavo.kernel.api import ApiView
from ordinavo.kernel.errors import Conflict, Detail, DomainError
from ordinavo.kernel.rows import ask_rows
from ordinavo.kernel.trips import one_trip

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
_PRINTABLE = re.compile(r"[\x20-\x7e]{1,255}")

_SAME = """
WHERE tenant_id = %s AND client_id = %s AND key = %s AND method = %s AND path = %s AND created_at > %s
"""

View = TypeVar("View", bound=ApiView)
P = ParamSpec("P")


class InvalidIdempotencyKey(DomainError):
    """The header is empty, too long, or not printable ASCII."""

    status, code = 400, "invalid_idempotency_key"


class IdempotencyConflict(Conflict):
    """The key was used for another request."""

    code = "idempotency_conflict"


class IdempotencyInProgress(Conflict):
    """The first request with this key is still running."""

    code = "idempotency_in_progress"

    def __init__(self) -> None:
        super().__init__(
            "A request with this Idempotency-Key is still running.",
            headers={"Retry-After": "1"},
            retryAfterSeconds=1,
        )


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One request under one key; `digest` tells whether another one is the same."""

    client: IntegrationClient
    method: str
    path: str
    key: str
    digest: bytes

    def whose(self) -> list[Any]:
        """Return what an answer is kept under: tenant, client, key, method, path."""
        return [self.client.tenant_id, self.client.pk, self.key, self.method, self.path]

    def lock_number(self) -> int:
        """Return the signed 64-bit name of the advisory lock."""
        name = "\n".join((str(self.client.id), self.method, self.path, self.key))
        return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)


def idempotent(
    handler: Callable[Concatenate[View, Request, P], HttpResponse],
) -> Callable[Concatenate[View, Request, P], HttpResponse]:
    """Decorate `post` or `patch` of an `ApiView`.

    A 2xx answer is kept; any other answer that is *returned* frees the key, and what the view wrote is
    committed all the same; an error that is *raised* undoes everything.
    """

    @wraps(handler)
    def answer(view: View, request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        view.authorize_body(request)
        key = request.headers.get(HEADER)
        if key is None:
            return handler(view, request, *args, **kwargs)
        attempt = _attempt(request, _checked(key))
        with transaction.atomic():
            record = _kept(attempt)
            if record is not None:
                return _replay(record, attempt)
            response = handler(view, request, *args, **kwargs)
            if 200 <= response.status_code < 300:
                _keep(attempt, response, _rendered(response, view))
        return response

    return answer


def _checked(key: str) -> str:
    if _PRINTABLE.fullmatch(key) is None:
        message = "Must be 1 to 255 printable ASCII characters."
        detail = Detail(path=f"header.{HEADER}", code="invalid_idempotency_key", message=message)
        raise InvalidIdempotencyKey("The Idempotency-Key header is not usable.", details=[detail])
    return key


def _attempt(request: Request, key: str) -> _Attempt:
    return _Attempt(
        client=grant_of(request).client,
        method=request.method or "",
        path=request.path,
        key=key,
        digest=request_digest(request.META.get("QUERY_STRING", ""), request.data),
    )


def request_digest(query: str, body: Any) -> bytes:
    """Return 32 bytes that white space and the order of members and parameters don't change."""
    canonical = json.dumps(
        [sorted(parse_qsl(query, keep_blank_values=True)), body], sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(canonical.encode()).digest()


def _kept(attempt: _Attempt) -> IdempotencyRecord | None:
    """Take the lock and return the kept answer, if there is one."""
    oldest = timezone.now() - timedelta(hours=settings.IDEMPOTENCY_KEPT_HOURS)
    with connection.cursor() as cursor:
        # Two statements: the look-up must see what the last holder of the lock has committed.
        with one_trip():
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s::bigint)", [attempt.lock_number()])
            found = ask_rows(IdempotencyRecord, _SAME, [*attempt.whose(), oldest])
        if cursor.fetchone() != (True,):
            raise IdempotencyInProgress
    return next(iter(found()), None)


def _replay(record: IdempotencyRecord, attempt: _Attempt) -> HttpResponse:
    if bytes(record.request_digest) != attempt.digest:
        raise IdempotencyConflict("This Idempotency-Key was used for another request.")
    location, _, body = crypto.decrypt(bytes(record.answer)).partition(b"\n")
    response = HttpResponse(body, status=record.status, content_type="application/json")
    response.headers[REPLAYED] = "true"
    if location:
        response.headers["Location"] = location.decode()
    if not body:
        del response.headers["Content-Type"]
    return response


def _rendered(response: HttpResponse, view: ApiView) -> bytes:
    # DRF would render after the view has returned; the bytes are needed now, to give back the very same.
    if isinstance(response, Response):
        response.accepted_renderer = view.request.accepted_renderer
        response.accepted_media_type = view.request.accepted_media_type
        response.renderer_context = view.get_renderer_context()  # type: ignore[attr-defined]
        response.render()
    return response.content


# An answer that is past its time, but not pruned yet, is replaced.
_KEEP = """
INSERT INTO integrations_idempotencyrecord
    (tenant_id, client_id, key, method, path, request_digest, status, answer, created_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (tenant_id, client_id, key, method, path) DO UPDATE SET
    request_digest = EXCLUDED.request_digest, status = EXCLUDED.status,
    answer = EXCLUDED.answer, created_at = EXCLUDED.created_at
"""


def _keep(attempt: _Attempt, response: HttpResponse, body: bytes) -> None:
    location = response.headers.get("Location", "")
    answer = crypto.encrypt(location.encode() + b"\n" + body)
    kept = [*attempt.whose(), attempt.digest, response.status_code, answer, timezone.now()]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, kept)
