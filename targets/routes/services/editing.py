"""Changing a draft by hand. Each edit names the revision that its author saw: whoever is second is told."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from ordinavo.kernel.errors import Conflict, NotFound
from ordinavo.kernel.sets import insert_instances
from ordinavo.tenants.models import User
from ordinavo.tenants.services.audit import record_audit
from targets.models import Target
from targets.routes.models import Exclusion, Route, RouteSuggestion, Stop
from targets.routes.services.locking import lock_suggestion
from targets.routes.solving.editing import best_order, lay_out, read_bench
from targets.routes.solving.record import (
    Answer,
    own_visits,
    route_columns,
    stops_of,
    store_left_out,
    summarise,
)
from targets.routes.solving.screening import BY_HAND, LeftOut
from targets.routes.solving.travel import failure_of
from targets.visits.models import Employee

_OPEN = (RouteSuggestion.Status.DRAFT, RouteSuggestion.Status.PUBLISHED)


@dataclass(frozen=True, slots=True)
class Edit:
    """Which suggestion is changed, as it was seen, and by whom."""

    suggestion: RouteSuggestion
    revision: int
    actor: User | None


def place_target(
    *, edit: Edit, target_id: int, employee_id: int, position: int | None = None
) -> RouteSuggestion:
    """Give a target to an employee: from another route, another position, or from those left out.

    `position` counts the route's stops from 1; without it the best one is found. Rules that this breaks are
    noted on route and stops. `NotFound` for what is not part of the suggestion, `Conflict` as in `Edit`, for
    a target that is not open, or a route that is published.
    """
    _require_employee(edit, employee_id)
    before = _stop(edit, target_id)
    if before is None and not edit.suggestion.exclusions.filter(target=target_id).exists():
        raise NotFound("The suggestion has no such target.")
    _require_open(edit, target_id)
    people = {employee_id} | ({before.route.employee_id} if before else set())
    bench = read_bench(edit.suggestion, employee_ids=people, target_ids=[target_id])
    orders = {pk: [one for one in order if one != target_id] for pk, order in bench.orders.items()}
    orders[employee_id] = best_order(bench, employee_id, target_id, position)
    answer = lay_out(bench, orders, by_hand=[target_id])
    return _store(edit, answer, people, placed=target_id)


def leave_out(*, edit: Edit, target_id: int) -> RouteSuggestion:
    """Take a target off its route; it stays out when the draft is planned again."""
    stop = _stop(edit, target_id)
    if stop is None:
        raise NotFound("No route has this target.")
    people = {stop.route.employee_id}
    bench = read_bench(edit.suggestion, employee_ids=people, target_ids=[])
    orders = {pk: [one for one in order if one != target_id] for pk, order in bench.orders.items()}
    out = LeftOut(target_id, BY_HAND, "It was left out by hand.", "Give it to an employee to plan it again.")
    return _store(edit, lay_out(bench, orders, by_hand=[]), people, left_out=[out])


@transaction.atomic
def lock_stop(*, edit: Edit, target_id: int, locked: bool) -> RouteSuggestion:
    """Keep a stop with its employee when the draft is planned again, or let it go."""
    row = lock_suggestion(edit.suggestion, *_OPEN, revision=edit.revision)
    stops = Stop.objects.filter(route__suggestion=row, target=target_id, route__status__in=Route.CHANGEABLE)
    if not stops.update(locked=locked):
        raise NotFound("No route that can be changed has this target.")
    return _note(edit, row, {"targetId": target_id, "locked": locked})


def _stop(edit: Edit, target_id: int) -> Stop | None:
    stops = Stop.objects.filter(route__suggestion=edit.suggestion, target=target_id)
    return stops.select_related("route").first()


def _require_employee(edit: Edit, employee_id: int) -> None:
    own = Employee.objects.filter(tenant=edit.suggestion.tenant_id, id=employee_id, active=True)
    if not own.exists():
        raise NotFound("There is no such employee.")


def _require_open(edit: Edit, target_id: int) -> None:
    own = Target.objects.filter(tenant=edit.suggestion.tenant_id, id=target_id)
    if not own.filter(status=Target.Status.OPEN).exists():
        raise Conflict("The target is not open any more.")


@transaction.atomic
def _store(
    edit: Edit,
    answer: Answer,
    employee_ids: Collection[int],
    *,
    placed: int | None = None,
    left_out: Sequence[LeftOut] = (),
) -> RouteSuggestion:
    """Write the routes of these employees anew, if nobody was faster."""
    row = lock_suggestion(edit.suggestion, *_OPEN, revision=edit.revision)
    routes = {one.employee_id: one for one in row.routes.filter(employee__in=employee_ids)}
    if any(one.status not in Route.CHANGEABLE for one in routes.values()):
        raise Conflict("The route is published. Take it back first.")
    Stop.objects.filter(route__in=routes.values()).delete()
    for planned in answer.routes:
        stored = routes.get(planned.person_id)
        if not own_visits(planned):
            row.routes.filter(employee=planned.person_id).delete()
            continue
        route = stored or _new_route(row, planned.person_id)
        for column, value in route_columns(planned, answer).items():
            setattr(route, column, value)
        route.save()
        insert_instances(stops_of(route, planned, answer))
    Exclusion.objects.filter(suggestion=row, target=placed).delete()
    store_left_out(row, left_out)
    row.edited_at = timezone.now()
    if failure_of(answer.travel):
        row.travel_source = answer.travel
    changes = {"placed": placed, "leftOut": [one.target_id for one in left_out]}
    return _note(edit, row, changes)


def _new_route(row: RouteSuggestion, employee_id: int) -> Route:
    last = row.routes.aggregate(last=Max("number"))["last"] or 0
    return Route(suggestion=row, employee_id=employee_id, number=last + 1)


def _note(edit: Edit, row: RouteSuggestion, changes: Mapping[str, object]) -> RouteSuggestion:
    row.revision += 1
    row.summary = summarise(row)
    row.save(update_fields=["revision", "summary", "edited_at", "travel_source"])
    action, told = "route_suggestion.edited", dict(changes)
    record_audit(tenant=row.tenant, actor=edit.actor, action=action, subject=row, details=told)
    return row
