"""Today's board: a row for each employee, renewed by itself while somebody looks at it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.http import urlencode

from ordinavo.desk.panels.figures import Figure, Seen, listed, seen_by
from ordinavo.tenants.models import Tenant
from targets.visits.models import Appointment
from targets.visits.selectors.board import State, Tally, stops_of, tallies_of
from targets.visits.selectors.days import working_days

PEOPLE_A_PAGE = 50
IDLE_SHOWN = 20
KINDS = {State.DONE: "good", State.UNDER_WAY: "info", State.LATE: "warn", State.TROUBLE: "bad"}
_YESTERDAY_IS = -timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Row:
    """One employee: how the day stands, what comes next, and the stops."""

    tally: Tally
    stops: list[Any]

    @property
    def next(self) -> Any:
        """The first stop that nobody has begun, or None."""
        return next((one for one in self.stops if one.status == Appointment.Status.SCHEDULED), None)

    @property
    def marks(self) -> list[tuple[str, str]]:
        """The counts that are not zero, in words, with the kind of badge."""
        return marks_of(self.tally)


def marks_of(tally: Tally) -> list[tuple[str, str]]:
    """Return what is not zero of a tally: words, and the kind of badge."""
    counts = ((state, getattr(tally, state.value)) for state in State)
    return [(f"{count} {state.label.lower()}", KINDS.get(state, "")) for state, count in counts if count]


def page(request: HttpRequest) -> HttpResponse:
    """Show the board of a day, by default today's."""
    seen = _looking(request)
    context = {**admin.site.each_context(request), "title": "Board", **_shown(seen)}
    return TemplateResponse(request, "admin/desk/board.html", context)


def live(request: HttpRequest) -> HttpResponse:
    """Return the part that renews itself."""
    answer = TemplateResponse(request, "admin/desk/board_live.html", _shown(_looking(request)))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _looking(request: HttpRequest) -> Seen:
    if not request.user.has_perm("visits.view_appointment"):
        raise PermissionDenied
    return seen_by(request)


def _shown(seen: Seen) -> dict[str, Any]:
    if not seen.tenant:
        return {"board": None}
    asked = seen.request.GET
    day = _day(asked.get("day", ""), seen.today)
    show = asked.get("show", "") if asked.get("show", "") in State.values else ""
    tallies = tallies_of(seen.tenant, day, now=seen.now)
    wanted = [one for one in tallies if not show or getattr(one, show)]
    first = _place(asked.get("from", ""), len(wanted))
    on_page = wanted[first : first + PEOPLE_A_PAGE]
    stops = stops_of(seen.tenant, day, [one.employee_id for one in on_page], now=seen.now)
    base = reverse("admin:visits_appointment_changelist")
    return {
        "board": {
            "day": day,
            "is_today": day == seen.today,
            "now": seen.now,
            "rows": [Row(one, stops[one.employee_id]) for one in on_page],
            "totals": totals(tallies, day, show=show),
            "show": show,
            "label": State(show).label.lower() if show else "",
            "base": base,
            "idle": _idle(seen.tenant, day, tallies),
            "live": f"{reverse('desk:board_live')}?{asked.urlencode()}",
            "earlier": _link(day + _YESTERDAY_IS, show),
            "later": _link(day - _YESTERDAY_IS, show),
            "today": _link(seen.today, show),
            "more": _link(day, show, first + PEOPLE_A_PAGE) if len(wanted) > first + PEOPLE_A_PAGE else "",
            "back": _link(day, show, max(first - PEOPLE_A_PAGE, 0)) if first else "",
            "appointments": listed("visits_appointment", day=day.isoformat()),
        }
    }


def totals(tallies: list[Tally], day: date, *, show: str = "") -> list[Figure]:
    """Return the sums of a day; each leads to the board with only the people whom it concerns."""
    found = []
    for state in State:
        count = sum(getattr(one, state.value) for one in tallies)
        href = _link(day, "" if show == state.value else state.value)
        note = "shown alone" if show == state.value else ""
        found.append(Figure(state.label, str(count), href, KINDS.get(state, "") if count else "", note))
    return found


def path_of(day: date, show: str = "") -> str:
    """Return the path of the board of a day."""
    return _link(day, show)


def _link(day: date, show: str = "", first: int = 0) -> str:
    query = {"day": day.isoformat(), "show": show, "from": str(first or "")}
    return f"{reverse('desk:board')}?{urlencode({name: value for name, value in query.items() if value})}"


def _idle(tenant: Tenant, day: date, tallies: list[Tally]) -> dict[str, Any]:
    """Return who works that day without a visit: a few names, and how many more there are."""
    busy = {one.employee_id for one in tallies}
    names = sorted(one.employee.name for one in working_days(tenant, day) if one.employee.pk not in busy)
    return {"names": names[:IDLE_SHOWN], "more": max(len(names) - IDLE_SHOWN, 0)}


def _day(text: str, today: date) -> date:
    """Return the day that is asked for; today where there is none, or none like it."""
    try:
        asked = parse_date(text)
    except ValueError:
        return today
    # The day before and the day after must exist, too.
    return asked if asked and 2 <= asked.year <= 9998 else today


def _place(text: str, count: int) -> int:
    known = text.isascii() and text.isdigit() and len(text) < 10
    place = int(text) if known else 0
    return place if place < count else 0


def lateness(stop: Any, now: datetime) -> str:
    """Return by how much a late stop is over."""
    begun = stop.status == Appointment.Status.STARTED
    over = now - (stop.planned_end if begun else stop.planned_start)
    hours, minutes = divmod(int(over.total_seconds() // 60), 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min"
