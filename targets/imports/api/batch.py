"""`POST /inbound/targets/batch`: thousands of targets, stored at once and worked off by Celery."""

from http import HTTPStatus
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from integrations.grants import grant_of
from integrations.idempotency import idempotent
from integrations.scopes import Scope
from ordinavo.kernel.api import ApiView, json_object, query_flag
from ordinavo.kernel.api_errors import INVALID_FIELDS, details_of
from ordinavo.kernel.errors import Detail, PayloadTooLarge, ValidationFailed
from ordinavo.kernel.json_door import LARGEST_LIMIT
from targets.imports.api.forms import judging, require_mapping_scope
from targets.imports.api.outputs import accepted, job_path
from targets.imports.api.payload import SharedMembers
from targets.imports.api.schema import operations
from targets.imports.api.schema.limits import LISTED, MOST_FORETOLD, MOST_ITEMS
from targets.imports.services.batch import Sent, accept_batch


class BatchTooLarge(PayloadTooLarge):
    """More items than a batch may have."""

    code = "batch_too_large"


class InboundBatch(ApiView):
    """Accepts a batch."""

    required_scopes = {"POST": Scope.TARGETS_BATCH_WRITE}
    body_limit = LARGEST_LIMIT

    def authorize_body(self, request: Request) -> None:
        """A scope that one item needs is needed by the whole batch."""
        grant = grant_of(request)
        body = json_object(request)
        for name in ("items", "targets"):
            sent = body.get(name)
            for index, payload in enumerate(sent if isinstance(sent, list) else ()):
                require_mapping_scope(payload, grant, prefix=f"{name}.{index}.")

    @operations.import_batch
    @idempotent
    def post(self, request: Request) -> Response:
        """Store the items; those whose form is wrong are refused at once."""
        grant, body = grant_of(request), json_object(request)
        validate_only = query_flag(request, "validateOnly")
        payloads = _items(body, most=MOST_FORETOLD if validate_only else MOST_ITEMS)
        shared = _shared(body)
        judge = judging(grant.client)
        sent = [Sent(payload, judge(payload)) for payload in _completed(payloads, shared)]
        job, items = accept_batch(
            client=grant.client,
            items=sent,
            batch_id=shared.get("batchId") or "",
            validate_only=validate_only,
        )
        headers = {"Location": job_path(job.pk)}
        answer = accepted(job, items[:LISTED], grant)
        return Response(answer, status=HTTPStatus.ACCEPTED, headers=headers)


def _items(body: dict[str, Any], *, most: int) -> list[Any]:
    if "items" in body and "targets" in body:
        raise _refused("targets", "conflicting_values", "Send items or targets, not both.")
    name = "targets" if "targets" in body else "items"
    sent = body.get(name)
    if not isinstance(sent, list):
        code = "required" if sent is None else "not_a_list"
        raise _refused(name, code, "Must be a list of targets.")
    if not sent:
        raise _refused(name, "min_length", "Must hold at least one target.")
    if len(sent) > most:
        raise BatchTooLarge(f"This batch may have at most {most:,} items; it has {len(sent):,}.")
    return sent


def _shared(body: dict[str, Any]) -> dict[str, Any]:
    """Return what holds for the whole batch; a fault in it is no item's fault."""
    try:
        valid: dict[str, Any] = SharedMembers().run_validation(body)
    except serializers.ValidationError as exc:
        raise ValidationFailed(INVALID_FIELDS, details=[*details_of(exc.detail)]) from None
    return valid


def _completed(payloads: list[Any], shared: dict[str, Any]) -> list[Any]:
    """Give each item what the batch says for all that do not say otherwise."""
    given = {name: shared[name] for name in ("sourceSystem", "operation") if shared.get(name)}
    if not given:
        return payloads
    return [_with(item, given) if isinstance(item, dict) else item for item in payloads]


def _with(item: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    return item | {name: value for name, value in given.items() if item.get(name) is None}


def _refused(path: str, code: str, message: str) -> ValidationFailed:
    return ValidationFailed(INVALID_FIELDS, details=[Detail(path, code, message)])
