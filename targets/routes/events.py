"""Routes tell of drafts, to the client that asked, and of published routes, to each source system its own."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from integrations.models import SourceSystem
from ordinavo.kernel.instants import instant
from ordinavo.kernel.json_text import json_text
from targets.models import Target
from targets.routes.models import Route, RouteSuggestion, Stop
from webhooks.catalog.types import ROUTE_PUBLISHED, SUGGESTION_CREATED
from webhooks.services import publish
from webhooks.services.publish import Occurrence

_SUGGESTION, _ROUTE = RouteSuggestion._meta.label_lower, Route._meta.label_lower
SUMMARY = ("routes", "stops", "excluded", "distanceMeters", "travelMinutes", "workMinutes")


def tell_created(suggestion: RouteSuggestion) -> None:
    """Publish that a draft is ready, or failed, if a client asked for it: three statements at most."""
    if suggestion.client_id is None or suggestion.source_system_id is None:
        return
    audience = publish.audience_of(
        tenant_id=suggestion.tenant_id, source_system_id=suggestion.source_system_id
    )
    occurrence = Occurrence(
        SUGGESTION_CREATED,
        json_text({"routeSuggestion": _suggestion(suggestion)}),
        subject=(_SUGGESTION, suggestion.pk),
        client_id=suggestion.client_id,
        correlation_id=suggestion.correlation_id,
    )
    publish.publish_event(audience, occurrence)


def tell_published(
    suggestion: RouteSuggestion, published: Mapping[Route, Sequence[Stop]], targets: Mapping[int, Target]
) -> None:
    """Publish routes to each source system that has stops on them: three statements for each."""
    systems = {target.source_system for target in targets.values()}
    for source_system in sorted(systems, key=lambda one: one.pk):
        audience = publish.audience_of(tenant_id=suggestion.tenant_id, source_system_id=source_system.pk)
        publish.publish_events(audience, _routes(suggestion, published, targets, source_system))


def _routes(
    suggestion: RouteSuggestion,
    published: Mapping[Route, Sequence[Stop]],
    targets: Mapping[int, Target],
    source_system: SourceSystem,
) -> Iterable[Occurrence]:
    for route, stops in published.items():
        theirs = [one for one in stops if targets[one.target_id].source_system_id == source_system.pk]
        if theirs:
            block = {
                "id": route.pk,
                "number": route.number,
                "routeDate": suggestion.route_date.isoformat(),
                "routeSuggestionId": suggestion.pk,
                "stops": [_stop(one, targets[one.target_id]) for one in theirs],
            }
            yield Occurrence(ROUTE_PUBLISHED, json_text({"route": block}), subject=(_ROUTE, route.pk))


def _stop(stop: Stop, target: Target) -> dict[str, Any]:
    return {
        "sequence": stop.sequence,
        "targetId": stop.target_id,
        "externalId": target.external_id,
        "arrivalUtc": instant(stop.arrives_at),
        "departureUtc": instant(stop.departs_at),
    }


def _suggestion(suggestion: RouteSuggestion) -> dict[str, Any]:
    is_draft = suggestion.status == RouteSuggestion.Status.DRAFT
    return {
        "id": suggestion.pk,
        "status": suggestion.status,
        "routeDate": suggestion.route_date.isoformat(),
        "importJobId": suggestion.import_job_id,
        "summary": {name: suggestion.summary[name] for name in SUMMARY} if is_draft else None,
    }
