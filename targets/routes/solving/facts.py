"""What a plan takes from a target: where, how long, when, by whom, how badly."""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from ordinavo.kernel.choices import Priority
from ordinavo.tenants.models import Tenant
from targets.models import Target
from targets.routes.planning.problem import Place

_RANKS = {priority: rank for rank, priority in enumerate(Priority.values)}


@dataclass(frozen=True, slots=True)
class Facts:
    """`window` is hard, each side may be open; `fixed` work starts when the window does."""

    target_id: int
    place: Place | None
    work_minutes: int
    window: tuple[datetime | None, datetime | None]
    fixed: bool
    skills: frozenset[str]
    route_date: date | None
    rank: int
    due: date | None

    @property
    def digest(self) -> str:
        """Tells whether a plan made of these facts still holds; urgency does not count."""
        told = (
            self.place,
            self.work_minutes,
            [None if edge is None else edge.isoformat() for edge in self.window],
            self.fixed,
            sorted(self.skills),
            self.route_date,
        )
        return sha256(repr(told).encode()).hexdigest()[:16]


def facts_of(target: Target, tenant: Tenant) -> Facts:
    """Return the facts of a target that was read with its location and template."""
    return Facts(
        target_id=target.pk,
        place=place_of(target),
        work_minutes=target.estimated_work_minutes or tenant.default_estimated_work_minutes,
        window=(target.time_window_start, target.time_window_end),
        fixed=target.fixed_time and target.time_window_start is not None,
        skills=frozenset(target.template.skills) if target.template else frozenset(),
        route_date=target.route_date,
        rank=_RANKS[target.priority or tenant.default_priority],
        due=_due(target, tenant),
    )


def place_of(target: Target) -> Place | None:
    """Return where the work is: at the location, else at the target's own address; None if nobody knows."""
    for row in (target.location, target):
        if row is not None and row.latitude is not None and row.longitude is not None:
            return Place(row.latitude, row.longitude)
    return None


def _due(target: Target, tenant: Tenant) -> date | None:
    if target.due_at is None:
        return target.due_date
    return target.due_at.astimezone(ZoneInfo(tenant.time_zone)).date()
