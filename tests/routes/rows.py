"""Targets and suggestions for tests; people are those of `tests.visits.rows`."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from itertools import count
from typing import Any

from integrations.models import IntegrationClient
from ordinavo.tenants.models import Tenant, User
from targets.models import Target
from targets.routes.models import Route, RouteSuggestion, Stop
from targets.routes.services.asking import Asker, ask_suggestion
from targets.routes.services.publishing import Published, publish_routes
from targets.routes.solving.work import work_suggestion
from tests import factories
from tests.visits.rows import DAY, ESSEN

_numbers = count(1)


def at(hour: int, minute: int = 0, day: date = DAY) -> datetime:
    """A time in UTC; in Essen it is two hours later."""
    return datetime.combine(day, time(hour, minute), UTC)


def target(tenant: Tenant, *, source: str = "logistics_erp", **fields: Any) -> Target:
    """An open target in the middle of Essen, half an hour of work."""
    number = next(_numbers)
    return Target.objects.create(
        **{
            "tenant": tenant,
            "source_system": factories.source_system(tenant, source),
            "external_id": f"JOB-{number:04}",
            "title": f"Visit {number}",
            "priority": "Normal",
            "estimated_work_minutes": 30,
            "latitude": ESSEN[0] + 0.01,
            "longitude": ESSEN[1] + 0.002 * (number % 20),
            **fields,
        }
    )


def targets(tenant: Tenant, number: int, **fields: Any) -> list[Target]:
    """Some of them."""
    return [target(tenant, **fields) for _ in range(number)]


def asked(
    tenant: Tenant,
    wanted: Iterable[Target],
    *,
    client: IntegrationClient | None = None,
    actor: User | None = None,
    **fields: Any,
) -> RouteSuggestion:
    """A pending suggestion for these targets, which looks for an answer for a blink only."""
    suggestion = ask_suggestion(
        tenant=tenant,
        target_ids=[one.pk for one in wanted],
        asker=Asker(client=client, actor=actor),
        **{"route_date": DAY, **fields},
    )
    RouteSuggestion.objects.filter(pk=suggestion.pk).update(budget_seconds=0.05)
    return fresh(suggestion)


def drafted(tenant: Tenant, wanted: Iterable[Target], **fields: Any) -> RouteSuggestion:
    """The same, planned."""
    suggestion = asked(tenant, wanted, **fields)
    work_suggestion(suggestion.pk)
    return fresh(suggestion)


def published(suggestion: RouteSuggestion, **fields: Any) -> Published:
    """All its routes, as they are now."""
    now = fresh(suggestion)
    return publish_routes(**{"suggestion": now, "revision": now.revision, "actor": None, **fields})


def fresh(suggestion: RouteSuggestion) -> RouteSuggestion:
    """The suggestion as it is stored."""
    return RouteSuggestion.objects.select_related("tenant").get(pk=suggestion.pk)


def stops_of(suggestion: RouteSuggestion) -> list[Stop]:
    """All stops by route and sequence."""
    rows = Stop.objects.filter(route__suggestion=suggestion).select_related("target", "route__employee")
    return list(rows.order_by("route__number", "sequence"))


def route_of(suggestion: RouteSuggestion) -> Route:
    """Its only route."""
    return Route.objects.get(suggestion=suggestion)


def reasons(suggestion: RouteSuggestion) -> dict[int, str]:
    """Target to reason code of all that was left out."""
    return dict(suggestion.exclusions.values_list("target_id", "reason_code"))
