"""`POST /inbound/targets`: one target, finished before the answer goes out."""

from http import HTTPStatus

from rest_framework.request import Request
from rest_framework.response import Response

from integrations.grants import Grant, grant_of
from integrations.idempotency import idempotent
from integrations.scopes import Scope
from ordinavo.kernel.api import ApiView, json_object, query_flag
from ordinavo.kernel.api_errors import InternalError, envelope
from ordinavo.kernel.errors import Detail, DomainError, ValidationFailed
from targets.imports import errors
from targets.imports.api.forms import judge_form, require_mapping_scope
from targets.imports.api.outputs import accepted, job_path
from targets.imports.api.schema import operations
from targets.imports.errors import ItemRefused
from targets.imports.models import ImportItem
from targets.imports.services.single import import_target


class ItemRejected(DomainError):
    """A well-formed target was refused; `details[0].code` says why."""

    code = "item_rejected"


class MissingExternalId(ValidationFailed):
    """There is no external id to know the target by."""

    code = "missing_external_id"


class InboundTargets(ApiView):
    """Imports one target."""

    required_scopes = {"POST": Scope.TARGETS_WRITE}

    def authorize_body(self, request: Request) -> None:
        """Records that say who they are need the scope `customers.map`."""
        require_mapping_scope(json_object(request), grant_of(request))

    @operations.import_target
    @idempotent
    def post(self, request: Request) -> Response:
        """Import the target that the body describes."""
        grant, payload = grant_of(request), json_object(request)
        validate_only = query_flag(request, "validateOnly")
        judged = judge_form(payload, grant.client)
        item = import_target(client=grant.client, payload=payload, judged=judged, validate_only=validate_only)
        if item.status == ImportItem.Status.REJECTED:
            return _refusal(item, malformed=isinstance(judged, ItemRefused) and judged.form)
        return _acceptance(item, grant)


def _acceptance(item: ImportItem, grant: Grant) -> Response:
    headers = {"Location": job_path(item.job_id)}
    return Response(accepted(item.job, [item], grant), status=HTTPStatus.ACCEPTED, headers=headers)


def _refusal(item: ImportItem, *, malformed: bool) -> Response:
    error = _error(item, malformed=malformed)
    headers = {"Location": job_path(item.job_id)}
    return Response(envelope(error), status=error.status, headers=headers)


def _error(item: ImportItem, *, malformed: bool) -> DomainError:
    details = [Detail(**detail) for detail in item.errors]
    if item.error_code == errors.INTERNAL_ERROR:
        return InternalError(item.error_message, importJobId=item.job_id)
    if not malformed:
        return ItemRejected(item.error_message, details=details, importJobId=item.job_id)
    kind = MissingExternalId if item.error_code == errors.MISSING_EXTERNAL_ID else ValidationFailed
    return kind(item.error_message, details=details, importJobId=item.job_id)
