"""`POST /inbound/targets/batch`: thousands of targets, stored at once and worked off by Celery."""

from http import HTTPStatus
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from integrations.grants import grant_of
from integrations.idempotency import idempotent
from integrations.models import IntegrationClient
from integrations.scopes import Scope
from ordinavo.kernel.api import ApiView, json_object, query_flag
from ordinavo.kernel.api_errors import INVALID_FIELDS
from ordinavo.kernel.errors import Detail, PayloadTooLarge, ValidationFailed
from ordinavo.kernel.json_door import LARGEST_LIMIT
from targets.imports.api.forms import judge_form, require_mapping_scope
from targets.imports.api.outputs import accepted, job_path
from targets.imports.errors import ItemRefused
from targets.imports.pipeline.drafts import TargetDraft
from targets.imports.services.batch import Sent, accept_batch

MOST_ITEMS = 10_000
MOST_FORETOLD = 1_000
_LISTED = 100
_SHARED = ("sourceSystem", "operation")


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
        for payload in _sent_items(json_object(request)):
            if isinstance(payload, dict):
                require_mapping_scope(payload, grant)

    @idempotent
    def post(self, request: Request) -> Response:
        """Store the items; those whose form is wrong are refused at once."""
        grant, body = grant_of(request), json_object(request)
        validate_only = query_flag(request, "validateOnly")
        payloads = _items(body, most=MOST_FORETOLD if validate_only else MOST_ITEMS)
        job, items = accept_batch(
            client=grant.client,
            items=judge_all(payloads, grant.client),
            batch_id=_batch_id(body),
            validate_only=validate_only,
        )
        headers = {"Location": job_path(job.pk)}
        answer = accepted(job, items[:_LISTED], grant)
        return Response(answer, status=HTTPStatus.ACCEPTED, headers=headers)


def judge_all(payloads: list[Any], client: IntegrationClient) -> list[Sent]:
    """Judge the form of every item, and mark those whose external id stood in the batch before."""
    seen: set[str] = set()
    return [Sent(payload, _marked(judge_form(payload, client), seen)) for payload in payloads]


def _marked(judged: TargetDraft | ItemRefused, seen: set[str]) -> TargetDraft | ItemRefused:
    if isinstance(judged, ItemRefused):
        return judged
    if judged.external_id in seen:
        return judged.warned(
            "duplicate_in_batch", "This external id stands in the batch before.", "externalId"
        )
    seen.add(judged.external_id)
    return judged


def _sent_items(body: dict[str, Any]) -> list[Any]:
    sent = body.get("items", body.get("targets"))
    return sent if isinstance(sent, list) else []


def _items(body: dict[str, Any], *, most: int) -> list[Any]:
    """Return the items, each with what the batch says for all of them."""
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
    shared = {member: body[member] for member in _SHARED if body.get(member) is not None}
    return [{**shared, **item} if shared and isinstance(item, dict) else item for item in sent]


def _batch_id(body: dict[str, Any]) -> str:
    batch_id = body.get("batchId")
    if batch_id is None:
        return ""
    if not isinstance(batch_id, str) or len(batch_id) > 128:
        raise _refused("batchId", "invalid", "Must be a string of at most 128 characters.")
    return batch_id


def _refused(path: str, code: str, message: str) -> ValidationFailed:
    return ValidationFailed(INVALID_FIELDS, details=[Detail(path, code, message)])
