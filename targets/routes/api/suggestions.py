"""Route suggestions: an outside system asks for a draft and reads it."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from integrations.grants import grant_of
from integrations.idempotency import idempotent
from integrations.models import IntegrationClient
from integrations.scopes import Scope
from ordinavo.kernel.api import ApiView, json_object, row_id
from ordinavo.kernel.filters import filtered
from ordinavo.kernel.pagination import page_of
from targets.routes.api.filters import SuggestionFilters
from targets.routes.api.forms import Asked, asked_suggestion
from targets.routes.api.outputs import accepted, suggestion_out, suggestion_path, suggestion_whole
from targets.routes.api.schema import operations
from targets.routes.selectors.naming import named_externally, named_job, named_targets
from targets.routes.selectors.suggestions import suggestion_of, suggestions_of
from targets.routes.services.asking import MOST_TARGETS, Asker, ask_suggestion

_NAMING: dict[str, Callable[[IntegrationClient, Any], list[int]]] = {
    "importJobId": partial(named_job, most=MOST_TARGETS),
    "targetIds": named_targets,
    "targetExternalIds": named_externally,
}


class RouteSuggestions(ApiView):
    """The suggestions of a client."""

    required_scopes = {"GET": Scope.ROUTE_SUGGESTIONS_READ, "POST": Scope.ROUTE_SUGGESTIONS_CREATE}

    @operations.list_suggestions
    def get(self, request: Request) -> Response:
        """Return a page of suggestions, newest first."""
        rows = filtered(SuggestionFilters, request, suggestions_of(grant_of(request).client))
        return Response(page_of(request, rows, keys=("id",), descending=True, render=suggestion_out))

    @operations.create_suggestion
    @idempotent
    def post(self, request: Request) -> Response:
        """Accept the question; a worker answers it."""
        client, asked = grant_of(request).client, asked_suggestion(json_object(request))
        suggestion = ask_suggestion(
            tenant=client.tenant,
            route_date=asked.route_date,
            target_ids=_NAMING[asked.name](client, asked.value),
            asker=Asker(client=client),
            options=asked.options,
            import_job_id=_job_id(asked),
        )
        headers = {"Location": suggestion_path(suggestion)}
        return Response(accepted(suggestion), status=HTTPStatus.ACCEPTED, headers=headers)


class RouteSuggestionDetail(ApiView):
    """One suggestion."""

    required_scopes = {"GET": Scope.ROUTE_SUGGESTIONS_READ}

    @operations.get_suggestion
    def get(self, request: Request, route_suggestion_id: str) -> Response:
        """Return the suggestion with routes and exclusions."""
        client = grant_of(request).client
        suggestion = suggestion_of(client=client, suggestion_id=row_id(route_suggestion_id))
        return Response(suggestion_whole(suggestion))


def _job_id(asked: Asked) -> int | None:
    return asked.value if asked.name == "importJobId" else None
