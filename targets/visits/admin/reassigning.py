"""The page that gives visits to somebody else on their day: who works then, and what speaks against it."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Protocol

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from ordinavo.kernel.admin import show
from ordinavo.kernel.admin.asking import shown
from ordinavo.kernel.admin.chosen import ids_in
from ordinavo.kernel.admin.scope import tenant_of
from ordinavo.kernel.errors import DomainError
from ordinavo.tenants.models import User
from ordinavo.tenants.staff import actor_of
from targets.visits.admin.filters import DAY
from targets.visits.models import Appointment, Employee, WorkingHours
from targets.visits.selectors.people import Away, Stand, away_on, stands_for
from targets.visits.services.reassigning import reassign_appointment

MOST_AT_ONCE, MOST_SHOWN = 100, 25


class VisitPage(Protocol):
    """What the page needs of the appointments' admin."""

    admin_site: Any
    opts: Any

    def may_reassign(self, request: HttpRequest) -> bool:
        """Whether the person may give visits to somebody else."""

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return the tenant's own appointments."""


def path_for(ids: Iterable[object]) -> str:
    """Return the path of the page for these visits."""
    named = ",".join(str(pk) for pk in ids)
    return f"{reverse('admin:visits_appointment_reassign')}?visits={named}"


def page(admin: VisitPage, request: HttpRequest) -> HttpResponse:
    """Ask who shall make the visits, then give them to that person; each one has its own fate."""
    if not admin.may_reassign(request):
        raise PermissionDenied
    visits = _visits(admin, request)
    back = _back(visits)
    if len({visit.day for visit in visits}) > 1:
        messages.error(request, "Choose visits of one day: people work on some days and not on others.")
        return HttpResponseRedirect(reverse("admin:visits_appointment_changelist"))
    stands = stands_for(tenant_of(request), visits[0].day, visits)
    chosen = _chosen(request, stands)
    if chosen is not None:
        _give(request, visits, chosen, actor_of(request))
        return HttpResponseRedirect(back)
    return _show(admin, request, visits, stands, back)


def _show(
    admin: VisitPage, request: HttpRequest, visits: Sequence[Appointment], stands: Sequence[Stand], back: str
) -> HttpResponse:
    many, named, day = len(visits) != 1, request.GET.get("named", "").strip(), visits[0].day
    fitting = [one for one in stands if named.lower() in one.employee.name.lower()]
    people = [(one, _against(one, many=many)) for one in fitting[:MOST_SHOWN]]
    away = away_on(tenant_of(request), day, named=named, limit=MOST_SHOWN - len(people) + 1)
    context = {
        "title": f"Give {len(visits)} visits to somebody else" if many else "Give the visit to somebody else",
        "visits": visits,
        "people": people,
        "away": [(one.employee, _why(one, day)) for one in away[: MOST_SHOWN - len(people)]],
        "are_more": len(people) + len(away) > MOST_SHOWN or len(fitting) > MOST_SHOWN,
        "nobody_works": not stands,
        "named": named,
        "named_visits": request.GET.get("visits", ""),
        "day": day,
        "back": back,
        "nobody_chosen": request.method == "POST",
    }
    row = None if many else visits[0]
    return shown(admin, request, row, "admin/visits/reassign.html", **context)


def _visits(admin: VisitPage, request: HttpRequest) -> list[Appointment]:
    """Return the named visits; 404 unless all of them are the tenant's own."""
    named = request.GET.get("visits", "")
    ids = set(ids_in(named, most=MOST_AT_ONCE + 1))
    rows = admin.get_queryset(request).filter(pk__in=ids).select_related("target__template", "employee")
    is_whole = len(ids) == named.count(",") + 1 <= MOST_AT_ONCE
    found = list(rows.order_by("planned_start", "pk")) if is_whole else []
    if not found or len(found) < len(ids):
        raise Http404
    return found


def _chosen(request: HttpRequest, stands: Iterable[Stand]) -> Employee | None:
    wanted = request.POST.get("employee", "")
    return next((stand.employee for stand in stands if str(stand.employee.pk) == wanted), None)


def _give(request: HttpRequest, visits: Sequence[Appointment], employee: Employee, actor: User) -> None:
    given = 0
    for visit in visits:
        try:
            reassign_appointment(
                tenant=tenant_of(request), appointment_id=visit.pk, employee=employee, actor=actor
            )
            given += 1
        except DomainError as refusal:
            messages.warning(request, f"{visit.target}: {refusal.message}")
    if given:
        what = "The visit is" if given == len(visits) == 1 else f"{given} of {len(visits)} visits are"
        messages.success(request, f"{what} now {employee}'s. Both phones show it with their next look.")


def _against(stand: Stand, *, many: bool) -> list[tuple[str, str]]:
    """Return what speaks against a person, as badges: nothing of it forbids the choice."""
    at_the_time = "1 visit" if stand.overlapping == 1 else f"{stand.overlapping} visits"
    them = "them" if many else "it"
    said = (
        (bool(stand.missing), f"Lacks {', '.join(stand.missing)}", "bad"),
        (bool(stand.overlapping), f"{at_the_time} at that time", "warn"),
        (stand.outside_hours, "Outside working hours", "warn"),
        (stand.is_full, f"More stops than allowed with {them}", "warn"),
    )
    return [(text, kind) for applies, text, kind in said if applies]


def _why(one: Away, day: date) -> str:
    weekday = WorkingHours.Weekday(day.weekday()).label
    return "Absent" if one.is_absent else f"Does not work on {weekday}s"


def _back(visits: Sequence[Appointment]) -> str:
    if len(visits) == 1:
        return show.page_of(visits[0])
    return f"{reverse('admin:visits_appointment_changelist')}?{DAY}={visits[0].day.isoformat()}"
