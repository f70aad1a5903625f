"""Taking published routes back, as far as nobody has begun."""

from dataclasses import dataclass

from django.db import transaction

from ordinavo.kernel.errors import Conflict
from ordinavo.tenants.models import User
from ordinavo.tenants.services.audit import record_audit
from targets.routes.models import Route, RouteSuggestion
from targets.routes.services.locking import lock_suggestion
from targets.visits.models import Appointment
from targets.visits.services.appointments import unschedule_appointments

Status = RouteSuggestion.Status


@dataclass(frozen=True)
class Unpublished:
    """What was taken back, and how many stops stay since work on them has begun."""

    route: Route
    cancelled: list[Appointment]
    kept: int


@transaction.atomic
def unpublish_route(*, route: Route, actor: User | None) -> Unpublished:
    """Cancel the appointments of a route that have not begun; their targets are open again.

    With nothing begun the route is as before its publication, and so is the suggestion if no other route of
    it is published. `Conflict` if it is not published, or nothing is left to take back.
    """
    row = lock_suggestion(route.suggestion, Status.PUBLISHED)
    current = row.routes.filter(pk=route.pk, status=Route.Status.PUBLISHED).first()
    if current is None:
        raise Conflict("The route is not published.")
    made = Appointment.objects.filter(stop__route=current)
    ids = list(made.values_list("id", flat=True))
    cancelled = unschedule_appointments(tenant=row.tenant, appointment_ids=ids, actor=actor)
    if not cancelled:
        raise Conflict("There is nothing to take back: work on every stop has begun or was cancelled.")
    kept = made.exclude(status=Appointment.Status.CANCELLED).count()
    if not kept:
        current.status, current.published_at, current.published_by = Route.Status.UNPUBLISHED, None, None
        current.save(update_fields=["status", "published_at", "published_by"])
    _note(row)
    record_audit(
        tenant=row.tenant,
        actor=actor,
        action="route.unpublished",
        subject=current,
        details={"suggestionId": row.pk, "cancelled": len(cancelled), "kept": kept},
    )
    return Unpublished(current, cancelled, kept)


def _note(row: RouteSuggestion) -> None:
    row.revision += 1
    if not row.routes.filter(status=Route.Status.PUBLISHED).exists():
        row.status, row.decided_at, row.decided_by = Status.DRAFT, None, None
    row.save(update_fields=["status", "decided_at", "decided_by", "revision"])
