"""One number of the start page, with the list that it counts."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from ordinavo.kernel.admin.scope import tenant_of
from ordinavo.tenants.models import Tenant

# Nobody needs to know how many there are above that, and counting them would cost.
MOST_COUNTED = 100


@dataclass(frozen=True, slots=True)
class Seen:
    """Who looks at the start page, at what, and when. Without a tenant an operator looks at all of them."""

    request: HttpRequest
    tenant: Tenant | None
    now: datetime
    today: date

    def may(self, permission: str) -> bool:
        """Whether the person has the permission."""
        return bool(self.request.user.has_perm(permission))


def seen_by(request: HttpRequest) -> Seen:
    """Return what there is to look at; asking for the tenant also sets the tenant's time zone."""
    tenant = tenant_of(request)
    now = timezone.now()
    return Seen(request, tenant, now, timezone.localdate(now))


@dataclass(frozen=True, slots=True)
class Figure:
    """A number or an age as text; `kind` says whether it asks for somebody: `good`, `warn`, `bad` or ""."""

    label: str
    shown: str
    href: str
    kind: str = ""
    note: str = ""


def counted(rows: "QuerySet[Any]") -> int:
    """Return how many rows there are, a hundred at most: one statement that reads no more than these."""
    return len(rows.order_by().values_list("pk")[:MOST_COUNTED])


def number(count: int) -> str:
    """Return a count as it is shown."""
    return f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count)


def figure(label: str, count: int, href: str, *, kind: str, note: str = "") -> Figure:
    """Return a number that asks for somebody as soon as it isn't zero."""
    return Figure(label, number(count), href, kind if count else "good", note)


def listed(model: str, **query: str) -> str:
    """Return the path of a list (`imports_importjob`) with its filter set."""
    path = reverse(f"admin:{model}_changelist")
    return f"{path}?{urlencode(query)}" if query else path


def age(moment: datetime | None, now: datetime) -> str:
    """Return how long ago that was, shortly: seconds, minutes, hours or days."""
    if moment is None:
        return "none"
    seconds = max(int((now - moment).total_seconds()), 0)
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"
