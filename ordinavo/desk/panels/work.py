"""What waits for managers and dispatchers, and how today goes."""

from datetime import timedelta
from typing import Any

from django.urls import reverse

from ordinavo.desk.board import marks_of, path_of, totals
from ordinavo.desk.panels.figures import Figure, Seen, age, counted, figure, listed
from ordinavo.tenants.desk import open_notices, waiting_notices
from ordinavo.tenants.models import Tenant
from targets.imports.models import MappingReview
from targets.imports.selectors.desk import open_reviews
from targets.models import Target
from targets.routes.marks import SUGGESTION_STATUS
from targets.routes.selectors.desk import suggestions_waiting
from targets.visits.models import Appointment
from targets.visits.selectors.appointments import changed
from targets.visits.selectors.board import State, Tally, tallies_of
from targets.visits.selectors.reports import reports_to_approve, with_order

ROWS = 8


def figures(seen: Seen) -> dict[str, Any]:
    """Return what waits for this person, each number with its list."""
    tenant = seen.tenant
    if not tenant:
        return {}
    found: list[Figure] = []
    if seen.may("visits.view_visitreport"):
        found.append(_reports(tenant))
    if seen.may("imports.view_mappingreview"):
        open_ones = MappingReview.objects.filter(tenant=tenant, status=MappingReview.Status.OPEN)
        href = listed("imports_mappingreview", status__exact="open")
        found.append(figure("Reviews waiting", counted(open_ones), href, kind="warn"))
    if seen.may("visits.view_appointment"):
        found.append(_changed(tenant, seen))
    if seen.may("targets.change_target"):
        found.append(_unplanned(tenant))
    if seen.may("tenants.view_managernotice"):
        notices = counted(waiting_notices(tenant))
        found.append(figure("Open notices", notices, listed("tenants_managernotice"), kind="warn"))
    return {"figures": found} if found else {}


def _reports(tenant: Tenant) -> Figure:
    href = listed("visits_visitreport")
    return figure("Reports to approve", counted(reports_to_approve(tenant)), href, kind="warn")


def _changed(tenant: Tenant, seen: Seen) -> Figure:
    coming = Appointment.objects.filter(
        tenant=tenant, day__gte=seen.today, day__lt=seen.today + timedelta(days=7)
    )
    href = listed("visits_appointment", changed="yes", day="next7")
    return figure("Changed since published", counted(changed(coming)), href, kind="warn", note="next 7 days")


def _unplanned(tenant: Tenant) -> Figure:
    open_ones = Target.objects.filter(tenant=tenant, status=Target.Status.OPEN)
    href = listed("targets_target", status__exact="Open")
    return figure("Targets to plan", counted(open_ones), href, kind="info")


def board(seen: Seen) -> dict[str, Any]:
    """Return today's board in short: the sums, and the people who need a hand first."""
    if not seen.tenant:
        return {}
    tallies = tallies_of(seen.tenant, seen.today, now=seen.now)
    first = sorted(tallies, key=_need)[:ROWS]
    return {
        "figures": totals(tallies, seen.today) if tallies else [],
        "people": [(one, marks_of(one), _appointments(one, seen)) for one in first],
        "more": max(len(tallies) - ROWS, 0),
        "href": reverse("desk:board"),
        "late": path_of(seen.today, State.LATE),
        "may_plan": seen.may("routes.add_routesuggestion"),
    }


def _need(tally: Tally) -> tuple[int, int, str]:
    return -tally.trouble, -tally.late, tally.name


def _appointments(tally: Tally, seen: Seen) -> str:
    query = {"day": seen.today.isoformat(), "employee__id__exact": str(tally.employee_id)}
    return listed("visits_appointment", **query)


def reports(seen: Seen) -> dict[str, Any]:
    """Return the reports that have waited longest for a manager."""
    if not seen.tenant:
        return {}
    rows = list(with_order(reports_to_approve(seen.tenant))[:ROWS])
    waiting = [(row, age(row.submission_heard_at, seen.now)) for row in rows]
    return {"reports": waiting, "href": listed("visits_visitreport")}


def reviews(seen: Seen) -> dict[str, Any]:
    """Return the newest records in doubt, and how many there are."""
    newest, count = open_reviews(seen.tenant, limit=ROWS)
    return {"reviews": newest, "count": count, "href": listed("imports_mappingreview", status__exact="open")}


def notices(seen: Seen) -> dict[str, Any]:
    """Return the newest notices that nobody has taken care of; nothing where there are none."""
    rows = open_notices(seen.tenant, limit=ROWS)
    return {"notices": rows, "href": listed("tenants_managernotice")} if rows else {}


def routes(seen: Seen) -> dict[str, Any]:
    """Return the drafts that wait for somebody to publish them; nothing where there are none."""
    waiting = suggestions_waiting(seen.tenant, seen.today, limit=ROWS)
    if not waiting:
        return {}
    said = [(one, one.said(in_part=in_part)) for one, in_part in waiting]
    marked = [(one, status, SUGGESTION_STATUS.get(status, "")) for one, status in said]
    return {"suggested": marked, "href": listed("routes_routesuggestion")}
