"""`GET /targets`: a source system reads its targets back."""

from rest_framework.request import Request
from rest_framework.response import Response

from integrations.grants import grant_of
from integrations.scopes import Scope
from ordinavo.kernel.api import ApiView, row_id
from ordinavo.kernel.errors import NotFound
from ordinavo.kernel.filters import filtered
from ordinavo.kernel.pagination import page_of
from targets.api.filters import TargetFilters
from targets.api.outputs import target_out
from targets.api.schema import operations
from targets.selectors import targets_of


class Targets(ApiView):
    """The targets of the client's source system."""

    required_scopes = {"GET": Scope.TARGETS_READ}

    @operations.list_targets
    def get(self, request: Request) -> Response:
        """Return a page of targets, those that changed longest ago first."""
        grant = grant_of(request)
        rows = filtered(TargetFilters, request, targets_of(grant.source_system))
        page = page_of(
            request,
            rows,
            keys=("updated_at", "id"),
            descending=False,
            render=lambda row: target_out(row, grant),
        )
        return Response(page)


class TargetDetail(ApiView):
    """One target."""

    required_scopes = {"GET": Scope.TARGETS_READ}

    @operations.get_target
    def get(self, request: Request, target_id: str) -> Response:
        """Return the target; that of another source system is not found."""
        grant = grant_of(request)
        target = targets_of(grant.source_system).filter(id=row_id(target_id)).first()
        if target is None:
            raise NotFound("There is no target with this id.")
        return Response(target_out(target, grant))
