"""The start page: for each role what waits for it first, in the order in which it is looked at."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from ordinavo.desk.panels import beginning, machinery, operating, work
from ordinavo.desk.panels.figures import Seen, seen_by


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the page: its template, who may see it, and what it shows; nothing shown, no panel."""

    name: str
    permission: str
    build: Callable[[Seen], dict[str, Any]]

    @property
    def template(self) -> str:
        """The path of its template."""
        return f"admin/desk/start/{self.name}.html"


def _only(seen: Seen) -> dict[str, Any]:
    """Return what makes a panel that needs nothing but its template."""
    return {"shown": True, "may_find": seen.may("targets.view_target"), "tenant": seen.tenant}


_FIND = Panel("find", "imports.view_importitem", _only)
_STEPS = Panel("steps", "integrations.add_integrationclient", beginning.steps)
_WORK = Panel("work", "targets.view_target", work.figures)
_BOARD = Panel("board", "visits.view_appointment", work.board)
_REPORTS = Panel("reports", "visits.view_visitreport", work.reports)
_REVIEWS = Panel("reviews", "imports.view_mappingreview", work.reviews)
_NOTICES = Panel("notices", "tenants.view_managernotice", work.notices)
_ROUTES = Panel("routes", "routes.view_routesuggestion", work.routes)
_MACHINERY = Panel("machinery", "imports.view_importjob", machinery.figures)
_QUEUES = Panel("queues", "webhooks.view_delivery", machinery.queues)
_TROUBLE = Panel("trouble", "webhooks.view_subscription", machinery.trouble)
_REFUSED = Panel("refused", "imports.view_importjob", machinery.refused)
_IMPORTS = Panel("imports", "imports.view_importjob", machinery.imports)
# Tenants are listed for operators only: nobody else has the permission.
_OPERATING = Panel("operating", "tenants.view_tenant", operating.figures)
_WAITING = Panel("waiting", "tenants.view_tenant", operating.waiting)

_PLANNERS = (
    _FIND, _STEPS, _WORK, _BOARD, _NOTICES, _REPORTS, _REVIEWS, _ROUTES,
    _TROUBLE, _MACHINERY, _REFUSED, _IMPORTS,
)  # fmt: skip
_SUPPORT = (
    _FIND, _MACHINERY, _TROUBLE, _REFUSED, _QUEUES, _IMPORTS, _NOTICES, _REVIEWS, _BOARD, _REPORTS, _ROUTES,
)  # fmt: skip
_OPERATORS = (_OPERATING, _QUEUES, _WAITING, _FIND, _MACHINERY, _TROUBLE, _REFUSED, _IMPORTS)


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add what the start page shows, each part for those who may view it."""
    context["title"] = "Start"
    seen = seen_by(request)
    if seen.tenant or request.user.is_superuser:
        context["panels"] = [
            {"template": panel.template, **shown}
            for panel in _panels(seen)
            if seen.may(panel.permission) and (shown := panel.build(seen))
        ]
    return context


def _panels(seen: Seen) -> tuple[Panel, ...]:
    if not seen.tenant:
        return _OPERATORS
    if seen.request.user.is_superuser:
        return (_OPERATING, _QUEUES, *_PLANNERS)
    return _PLANNERS if seen.may("targets.change_target") else _SUPPORT
