"""Which targets a link to the page for new suggestions means."""

from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from ordinavo.tenants.models import Tenant
from targets.models import Target
from targets.routes.selectors.wanted import open_of_job, open_targets
from targets.routes.services.asking import MOST_TARGETS

_LONGEST_ID = 18


@dataclass(frozen=True)
class Source:
    """Targets and what they are called; `job_id` if they are those of an import job."""

    ids: list[int]
    said: str
    job_id: int | None = None


def source_of(site: Any, request: HttpRequest, tenant: Tenant) -> Source | None:
    """Return what the link names: `targets`, a `job`, or `fitting`, the query of a list; None for nothing."""
    asked = request.GET
    if "targets" in asked:
        return _of(open_targets(tenant).filter(id__in=_numbers(asked["targets"])), "{} you selected")
    if "job" in asked:
        return of_job(tenant, asked["job"])
    if "fitting" in asked:
        return _fitting(site, request, tenant, asked["fitting"])
    return None


def of_job(tenant: Tenant, said: str) -> Source:
    """Return the open targets of an import job; of one that is not known none."""
    number = next(iter(_numbers(said)), 0)
    rows = open_of_job(tenant, number)
    name = f"import job {said[:_LONGEST_ID]}"
    if rows is None:
        return Source([], f"no targets: there is no {name}")
    return Source(_ids(rows), _counted(_ids(rows), f"{{}} of {name}"), number)


def first_day(source: Source | None) -> date:
    """Return the day that targets are first meant for, from today on; else tomorrow."""
    today = timezone.localdate()
    rows = Target.objects.filter(id__in=source.ids if source else [], route_date__gte=today)
    found = rows.order_by("route_date").values_list("route_date", flat=True).first()
    return found or today + timedelta(days=1)


def _fitting(site: Any, request: HttpRequest, tenant: Tenant, query: str) -> Source:
    """Ask the list of targets itself, so that search and filters mean here what they mean there."""
    asked: Any = copy(request)
    asked.GET = QueryDict(query)
    said = "{} that fit the search and filters of the list"
    try:
        fitting = site.get_model_admin(Target).get_changelist_instance(asked).queryset
    except IncorrectLookupParameters:
        return Source([], said.format("no targets"))
    return _of(open_targets(tenant).filter(id__in=fitting.order_by().values("pk")), said)


def _of(rows: QuerySet[Target], said: str) -> Source:
    ids = _ids(rows)
    return Source(ids, _counted(ids, said))


def _ids(rows: QuerySet[Target]) -> list[int]:
    # One more than may be planned tells that there are too many.
    return list(rows.order_by("id").values_list("pk", flat=True)[: MOST_TARGETS + 1])


def _counted(ids: list[int], said: str) -> str:
    count = f"more than {MOST_TARGETS:,}" if len(ids) > MOST_TARGETS else str(len(ids))
    return said.format(f"{count} open target{'' if len(ids) == 1 else 's'}")


def _numbers(text: str) -> list[int]:
    parts = text.split(",")[: MOST_TARGETS + 1]
    return [int(part) for part in parts if part.isascii() and part.isdigit() and len(part) <= _LONGEST_ID]
