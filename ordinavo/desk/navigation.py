"""The sidebar: what a person may see, in five groups; and which tenants they may switch to."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.http import HttpRequest
from django.urls import reverse

from ordinavo.tenants.middleware import tenants_open_to
from ordinavo.tenants.models import Tenant

MOST_TENANTS = 200
_LIVE_FIRST = F("twin_of").asc(nulls_first=True)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the sidebar; shown to those who may view the model."""

    title: str
    icon: str
    model: str

    @property
    def permission(self) -> str:
        """The permission that shows it."""
        app, name = self.model.split(".")
        return f"{app}.view_{name}"

    def as_item(self) -> dict[str, Any]:
        """Return unfold's shape."""
        link = reverse(f"admin:{self.model.replace('.', '_')}_changelist")
        return {"title": self.title, "icon": self.icon, "link": link}


GROUPS: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    (
        "Work",
        (
            Entry("Targets", "assignment", "targets.target"),
            Entry("Routes", "route", "routes.routesuggestion"),
            Entry("Appointments", "event", "visits.appointment"),
            Entry("Reports", "fact_check", "visits.visitreport"),
            Entry("Billing", "receipt_long", "visits.billingevent"),
            Entry("Import jobs", "move_to_inbox", "imports.importjob"),
            Entry("Import items", "list_alt", "imports.importitem"),
            Entry("Mapping reviews", "rule", "imports.mappingreview"),
            Entry("Templates", "design_services", "targets.targettemplate"),
            Entry("Notices", "notifications", "tenants.managernotice"),
        ),
    ),
    (
        "Customers",
        (
            Entry("Customers", "domain", "customers.customer"),
            Entry("Locations", "location_on", "customers.location"),
            Entry("Contacts", "contacts", "customers.contact"),
            Entry("External references", "link", "customers.externalreference"),
            Entry("City aliases", "location_city", "customers.cityalias"),
        ),
    ),
    (
        "Integrations",
        (
            Entry("Integration clients", "hub", "integrations.integrationclient"),
            Entry("Source systems", "dns", "integrations.sourcesystem"),
        ),
    ),
    (
        "Webhooks",
        (
            Entry("Subscriptions", "webhook", "webhooks.subscription"),
            Entry("Deliveries", "outbox", "webhooks.delivery"),
            Entry("Events", "bolt", "webhooks.event"),
        ),
    ),
    (
        "People",
        (
            Entry("Employees", "badge", "visits.employee"),
            Entry("People", "group", "tenants.user"),
            Entry("Audit", "history", "tenants.auditentry"),
            Entry("Tenants", "apartment", "tenants.tenant"),
        ),
    ),
)


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the groups with what the person may see; empty groups are left out."""
    start = {"title": "Start", "icon": "home", "link": reverse("admin:index")}
    board = {"title": "Today's board", "icon": "view_kanban", "link": reverse("desk:board")}
    first = [start, board] if request.user.has_perm("visits.view_appointment") else [start]
    groups: list[dict[str, Any]] = [{"title": "", "separator": False, "items": first}]
    for title, entries in GROUPS:
        items = [entry.as_item() for entry in entries if request.user.has_perm(entry.permission)]
        if items:
            groups.append({"title": title, "separator": False, "items": items})
    return groups


def tenant_switch(request: HttpRequest) -> dict[str, Any]:
    """Return, for every admin page, the active tenant and those that may be switched to."""
    user = request.user
    if not user.is_authenticated:
        return {}
    return {
        "active_tenant": getattr(request, "tenant", None) or None,
        "open_tenants": list(tenants_open_to(user).order_by(_LIVE_FIRST, "name")[:MOST_TENANTS]),
        "may_see_all_tenants": user.is_superuser,
    }


def environment(request: HttpRequest) -> list[str] | None:
    """Return the mark in the header: live or test, or that all tenants are shown."""
    tenant: Tenant | None = getattr(request, "tenant", None) or None
    if tenant is None:
        return ["All tenants: read only", "info"] if request.user.is_superuser else None
    return ["Test", "warning"] if tenant.is_test else None
