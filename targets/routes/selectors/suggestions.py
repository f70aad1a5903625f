"""Reading route suggestions, by tenant and client."""

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from integrations.models import IntegrationClient
from ordinavo.kernel.errors import NotFound
from targets.routes.models import Exclusion, Route, RouteSuggestion, Stop


def with_rest(rows: QuerySet[RouteSuggestion]) -> QuerySet[RouteSuggestion]:
    """Add `in_part`: whether some routes are published and others are not."""
    rest = Route.objects.filter(suggestion=OuterRef("pk"), status__in=Route.CHANGEABLE)
    return rows.annotate(in_part=Q(status=RouteSuggestion.Status.PUBLISHED) & Exists(rest))


def suggestions_of(client: IntegrationClient) -> QuerySet[RouteSuggestion]:
    """Return the suggestions that this client asked for."""
    return RouteSuggestion.objects.filter(tenant=client.tenant_id, client=client)


def suggestion_of(*, client: IntegrationClient, suggestion_id: int) -> RouteSuggestion:
    """Return a suggestion of this client with routes, stops and exclusions; anybody else's is not found.

    Five statements, however many rows there are.
    """
    rows = suggestions_of(client).filter(id=suggestion_id).prefetch_related(*_whole())
    suggestion = rows.first()
    if suggestion is None:
        raise NotFound("There is no route suggestion with this id.")
    return suggestion


def _whole() -> tuple[Prefetch[str], ...]:
    stops = Stop.objects.select_related("target").order_by("sequence")
    routes = Route.objects.order_by("number").prefetch_related(Prefetch("stops", stops))
    exclusions = Exclusion.objects.select_related("target").order_by("id")
    return Prefetch("routes", routes), Prefetch("exclusions", exclusions)
