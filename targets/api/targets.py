"""`GET /targets`: a source system reads its targets back."""

from datetime import datetime, timedelta

import django_filters
from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from integrations.grants import grant_of
from integrations.scopes import Scope
from ordinavo.kernel.api import ApiView, row_id
from ordinavo.kernel.errors import NotFound
from ordinavo.kernel.filters import InstantFilter, WordFilter, filtered
from ordinavo.kernel.pagination import page_of
from targets.api.outputs import target_out
from targets.models import Target
from targets.selectors import targets_of

# A change is seen when its transaction commits, which may be after a later one: so much is read again.
OVERLAP = timedelta(minutes=5)


class TargetFilters(django_filters.FilterSet):
    """Query parameters of `GET /targets`."""

    externalId = django_filters.CharFilter("external_id")
    status = WordFilter(choices=Target.Status.choices)
    updatedSince = InstantFilter(method="since")

    def since(self, rows: QuerySet[Target], name: str, value: datetime) -> QuerySet[Target]:
        """Keep what changed since an instant, and a little before it."""
        return rows.filter(updated_at__gte=value - OVERLAP)


class Targets(ApiView):
    """The targets of the client's source system."""

    required_scopes = {"GET": Scope.TARGETS_READ}

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

    def get(self, request: Request, target_id: str) -> Response:
        """Return the target; that of another source system is not found."""
        grant = grant_of(request)
        target = targets_of(grant.source_system).filter(id=row_id(target_id)).first()
        if target is None:
            raise NotFound("There is no target with this id.")
        return Response(target_out(target, grant))
