"""The tables of a suggestion's page: routes with their stops, and what was left out, in words."""

from typing import Any

from ordinavo.kernel.admin import show
from targets.models import Target
from targets.routes.admin.bars import clock
from targets.routes.admin.ground import hue_of, town_of
from targets.routes.marks import ROUTE_STATUS
from targets.routes.models import Exclusion, Route, Stop
from targets.routes.solving.reasons import IN_HOUSE
from targets.visits.models import Appointment


def count_of(number: int, noun: str) -> str:
    """Return so many of something."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def length(minutes: int) -> str:
    """Return minutes as hours and minutes."""
    return _unbroken(f"{minutes // 60} h {minutes % 60:02} min" if minutes >= 60 else f"{minutes} min")


def road(meters: int, *, digits: int = 0) -> str:
    """Return meters as kilometers."""
    return _unbroken(f"{meters / 1000:,.{digits}f} km")


def _unbroken(text: str) -> str:
    """Return a measure that no end of a line parts from its unit."""
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def route_row(route: Route, *, is_open: bool) -> dict[str, Any]:
    """Return a route with its stops in words; `is_open`: whether the person may change the suggestion."""
    stops = list(route.stops.all())
    status, is_published = route.get_status_display(), route.status == Route.Status.PUBLISHED
    figures = (
        count_of(len(stops), "stop"),
        road(route.distance_meters),
        f"{length(route.travel_minutes)} driving",
        f"{length(route.work_minutes)} work",
        f"{length(route.waiting_minutes)} waiting" if route.waiting_minutes else "",
        f"break at {clock(route.break_starts_at)}" if route.break_starts_at else "",
    )
    return {
        "route": route,
        "hue": hue_of(route),
        "status": show.mark(status, ROUTE_STATUS.get(status, "")),
        "is_published": is_published,
        "may_publish": is_open and not is_published,
        "may_take_back": is_open and is_published,
        "span": f"{clock(route.starts_at)} to {clock(route.ends_at)}",
        "figures": ", ".join(part for part in figures if part),
        "stops": [_stop(one, may_edit=is_open and not is_published) for one in stops],
        "broken": [one["message"] for one in route.violations],
        "is_broken": bool(route.violations) or any(one.violations for one in stops),
    }


def _stop(stop: Stop, *, may_edit: bool) -> dict[str, Any]:
    return {
        "stop": stop,
        "target": show.link_to(stop.target),
        "place": _place(stop.target),
        "arrives": clock(stop.arrives_at),
        "work": f"{clock(stop.work_starts_at)} to {clock(stop.departs_at)}",
        "window": window_of(stop.target),
        "travel": f"{length(stop.travel_minutes)}, {road(stop.travel_meters, digits=1)}",
        "waits": length(stop.waiting_minutes) if stop.waiting_minutes else "",
        "why": [one["message"] for one in stop.reasons],
        "broken": [one["message"] for one in stop.violations],
        "appointment": stop.appointment,
        "since": _since(stop),
        "may_edit": may_edit,
    }


def _place(target: Target) -> str:
    return ", ".join(part for part in (target.external_id, town_of(target)) if part)


def _since(stop: Stop) -> show.Cell:
    """Return what became of a published stop, if that is more than being scheduled."""
    one = stop.appointment
    if one is None:
        return ""
    if one.status == one.Status.SCHEDULED:
        return show.mark("target changed since", "warn") if _is_changed(stop) else ""
    return show.mark(one.get_status_display(), "bad" if one.status == one.Status.CANCELLED else "info")


def _is_changed(stop: Stop) -> bool:
    return stop.appointment is not None and stop.target.revision > stop.appointment.target_revision


def window_of(target: Target) -> str:
    """Return when work may be done, "" for any time."""
    begin, end = target.time_window_start, target.time_window_end
    if begin and end:
        return f"{clock(begin)} to {clock(end)}{' (fixed)' if target.fixed_time else ''}"
    if begin:
        return f"{'at' if target.fixed_time else 'from'} {clock(begin)}"
    return f"until {clock(end)}" if end else ""


def unfit_row(visit: Appointment, message: str) -> dict[str, Any]:
    """Return a visit published before that does not fit the day any more."""
    return {
        "visit": visit,
        "place": _place(visit.target),
        "span": f"{clock(visit.planned_start)} to {clock(visit.planned_end)}",
        "window": window_of(visit.target),
        "message": message,
    }


def left_out_row(one: Exclusion, *, is_open: bool) -> dict[str, Any]:
    """Return a target that was left out, with its reason in words."""
    # Staff read names where outside systems, for whom the columns are, read numbers.
    said = {"message": one.message, "hint": one.hint, **one.details.get(IN_HOUSE, {})}
    near = said.get("nearMiss", "")
    return {
        "target": show.link_to(one.target),
        "target_name": str(one.target),
        "target_id": one.target_id,
        "place": _place(one.target),
        "reason": show.words(one.reason_code),
        "message": said["message"],
        "near": "" if near == said["hint"] else near,
        "hint": said["hint"],
        "may_edit": is_open and one.target.status == Target.Status.OPEN,
    }
