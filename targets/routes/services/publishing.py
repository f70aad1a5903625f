"""Publishing routes: drafts become appointments, in one transaction."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from ordinavo.kernel.errors import Conflict
from ordinavo.kernel.sets import update_rows
from ordinavo.tenants.models import Tenant, User
from ordinavo.tenants.services.audit import record_audit
from targets.models import Target
from targets.routes.events import tell_published
from targets.routes.models import Route, RouteSuggestion, Stop
from targets.routes.services.locking import lock_suggestion
from targets.routes.solving.facts import facts_of
from targets.routes.solving.record import store_left_out, summarise
from targets.routes.solving.screening import LeftOut, changed, not_open
from targets.selectors import lock_targets_by_id
from targets.visits.models import Appointment, Employee
from targets.visits.selectors.appointments import appointments_of_day
from targets.visits.selectors.days import working_days
from targets.visits.services.appointments import Visit, schedule_appointments

Status = RouteSuggestion.Status


@dataclass(frozen=True)
class Published:
    """What was published, and which targets were dropped since they are no longer what was planned."""

    suggestion: RouteSuggestion
    routes: list[Route]
    dropped: list[LeftOut]


@transaction.atomic
def publish_routes(
    *,
    suggestion: RouteSuggestion,
    revision: int,
    actor: User | None,
    route_ids: Collection[int] | None = None,
) -> Published:
    """Publish all routes that are not yet, or these: appointments are made, targets `Scheduled`.

    Stops whose target is no longer open, or was changed in what it is planned by, are dropped and said so.
    `Conflict` if somebody else changed the suggestion, published other visits for these people on that day,
    or if the suggestion belongs to a test twin, where nothing is planned live.
    """
    row = lock_suggestion(suggestion, Status.DRAFT, Status.PUBLISHED, revision=revision)
    if row.tenant.is_test:
        raise Conflict("This is a test tenant: nothing here is planned live.")
    routes = _routes(row, route_ids)
    _claim_people(row, routes)
    stops = _stops(routes)
    targets = lock_targets_by_id(row.tenant, [stop.target_id for each in stops.values() for stop in each])
    dropped = _dropped(row.tenant, stops, targets)
    kept = _keep(row, stops, {one.target_id for one in dropped})
    store_left_out(row, dropped)
    _schedule(row, kept, targets, actor)
    _note(row, kept, actor)
    _tell(row, kept, targets, dropped, actor)
    return Published(row, list(kept), dropped)


def _claim_people(row: RouteSuggestion, routes: Sequence[Route]) -> None:
    """Lock the people, so that nobody else gives them visits, and check that they can do what was planned."""
    by_employee = {one.employee_id: one for one in routes}
    list(Employee.objects.select_for_update(no_key=True).filter(id__in=by_employee).order_by("id"))
    _require_working(row, by_employee)
    _require_free(row, by_employee)


def _tell(
    row: RouteSuggestion,
    kept: Mapping[Route, Sequence[Stop]],
    targets: Mapping[int, Target],
    dropped: Sequence[LeftOut],
    actor: User | None,
) -> None:
    planned = {stop.target_id: targets[stop.target_id] for each in kept.values() for stop in each}
    tell_published(row, kept, planned)
    details = {"routes": [one.number for one in kept], "stops": len(planned), "dropped": len(dropped)}
    action = "route_suggestion.published"
    record_audit(tenant=row.tenant, actor=actor, action=action, subject=row, details=details)


def _routes(row: RouteSuggestion, route_ids: Collection[int] | None) -> list[Route]:
    rows = row.routes.filter(status__in=Route.CHANGEABLE).select_related("employee").order_by("number")
    routes = list(rows if route_ids is None else rows.filter(id__in=route_ids))
    if not routes or (route_ids is not None and len(routes) != len(set(route_ids))):
        raise Conflict("There is no such route that could be published.")
    return routes


def _require_working(row: RouteSuggestion, by_employee: Mapping[int, Route]) -> None:
    days = working_days(row.tenant, row.route_date, employee_ids=list(by_employee))
    working = {one.employee.pk for one in days}
    away = [one.employee.name for pk, one in by_employee.items() if pk not in working]
    if away:
        raise Conflict(f"On {row.route_date} these people do not work any more: {', '.join(away)}.")


def _require_free(row: RouteSuggestion, by_employee: Mapping[int, Route]) -> None:
    """Two managers on one day: whoever comes second is told."""
    appointments = appointments_of_day(row.tenant, row.route_date, employee_ids=list(by_employee))
    taken = {
        by_employee[one.employee_id].employee.name
        for one in appointments
        if one.pk not in by_employee[one.employee_id].known_appointments
    }
    if taken:
        names = ", ".join(sorted(taken))
        raise Conflict(
            f"Since this draft was made, other visits were published on {row.route_date} for: {names}."
            " Plan again, or publish the other routes."
        )


def _stops(routes: Sequence[Route]) -> dict[Route, list[Stop]]:
    found: dict[Route, list[Stop]] = {route: [] for route in routes}
    by_id = {route.pk: route for route in routes}
    for stop in Stop.objects.filter(route__in=routes).order_by("route__number", "sequence"):
        found[by_id[stop.route_id]].append(stop)
    return found


def _dropped(
    tenant: Tenant, stops: Mapping[Route, Sequence[Stop]], targets: Mapping[int, Target]
) -> list[LeftOut]:
    dropped = []
    for stop in (one for each in stops.values() for one in each):
        target = targets[stop.target_id]
        if target.status != Target.Status.OPEN:
            dropped.append(not_open(target))
        elif facts_of(target, tenant).digest != stop.facts:
            dropped.append(changed(target))
    return dropped


def _keep(
    row: RouteSuggestion, stops: Mapping[Route, Sequence[Stop]], dropped: set[int]
) -> dict[Route, list[Stop]]:
    """Take dropped stops off their routes; those that stay keep their times and close ranks."""
    gone = [one.pk for each in stops.values() for one in each if one.target_id in dropped]
    Stop.objects.filter(id__in=gone).delete()
    kept = {route: [one for one in each if one.target_id not in dropped] for route, each in stops.items()}
    row.routes.filter(id__in=[route.pk for route, each in kept.items() if not each]).delete()
    for each in kept.values():
        for sequence, stop in enumerate(each, 1):
            stop.sequence = sequence
    return {route: each for route, each in kept.items() if each}


def _schedule(
    row: RouteSuggestion,
    kept: Mapping[Route, Sequence[Stop]],
    targets: Mapping[int, Target],
    actor: User | None,
) -> None:
    visits = [
        Visit(
            target=targets[stop.target_id],
            employee=route.employee,
            day=row.route_date,
            sequence=stop.sequence,
            start=stop.work_starts_at,
            end=stop.departs_at,
            travel_minutes=stop.travel_minutes,
            travel_meters=stop.travel_meters,
        )
        for route, each in kept.items()
        for stop in each
    ]
    _link(kept, schedule_appointments(tenant=row.tenant, visits=visits, actor=actor))


def _link(kept: Mapping[Route, Sequence[Stop]], appointments: Sequence[Appointment]) -> None:
    """Let each stop know its appointment, and its number now that others are gone."""
    made = {one.target_id: one.pk for one in appointments}
    rows = [
        {"id": stop.pk, "sequence": stop.sequence, "appointment_id": made[stop.target_id]}
        for each in kept.values()
        for stop in each
    ]
    if rows:
        update_rows(Stop, rows)


def _note(row: RouteSuggestion, kept: Mapping[Route, Sequence[Stop]], actor: User | None) -> None:
    """Write down what is published; a draft of which everything was dropped stays one."""
    now = timezone.now()
    for route, stops in kept.items():
        route.status, route.published_at, route.published_by = Route.Status.PUBLISHED, now, actor
        work = sum((one.departs_at - one.work_starts_at).total_seconds() for one in stops)
        route.work_minutes = round(work / 60)
        route.save(update_fields=["status", "published_at", "published_by", "work_minutes"])
    if kept:
        row.status, row.decided_at, row.decided_by = Status.PUBLISHED, now, actor
    row.revision += 1
    row.summary = summarise(row)
    row.save(update_fields=["status", "decided_at", "decided_by", "revision", "summary"])
