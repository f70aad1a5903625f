"""Asking for routes: the suggestion is stored, a worker plans it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from integrations.models import IntegrationClient
from ordinavo.kernel import correlation
from ordinavo.kernel.errors import Detail, ValidationFailed
from ordinavo.kernel.sets import insert_instances
from ordinavo.tenants.models import Tenant, User
from ordinavo.tenants.services.audit import record_audit
from targets.models import Target
from targets.routes import bell
from targets.routes.models import Candidate, RouteSuggestion
from targets.routes.planning.prices import seconds_for
from targets.routes.solving.day import EMPLOYEES
from targets.visits.models import Employee

MOST_TARGETS, MOST_STOPS = 1000, 1000
# Every time zone can show these.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: a client through the API, or a person in the admin."""

    client: IntegrationClient | None = None
    actor: User | None = None


@transaction.atomic
def ask_suggestion(
    *,
    tenant: Tenant,
    route_date: date,
    target_ids: Collection[int],
    asker: Asker,
    options: Mapping[str, Any] | None = None,
    employee_ids: Collection[int] | None = None,
    import_job_id: int | None = None,
) -> RouteSuggestion:
    """Store a pending suggestion for targets of the tenant and call a worker after the commit.

    `options` are those of the API. Without `employee_ids` everybody who works that day is planned.
    `ValidationFailed` for no target, more than a thousand, or targets or employees of another tenant.
    """
    wanted = sorted(set(target_ids))
    _require_number(wanted)
    _require_own(Target, tenant, wanted, path="targetIds")
    chosen = dict(options or {})
    if employee_ids is not None:
        chosen[EMPLOYEES] = sorted(set(employee_ids))
        _require_own(Employee, tenant, chosen[EMPLOYEES], path="employeeIds")
    suggestion = _new(tenant, asker, len(wanted))
    suggestion.route_date, suggestion.options = route_date, chosen
    suggestion.import_job_id = import_job_id
    suggestion.save(force_insert=True)
    insert_instances([Candidate(suggestion=suggestion, target_id=pk) for pk in wanted])
    _audit(suggestion, asker, len(wanted))
    transaction.on_commit(partial(bell.ring, suggestion.pk), robust=True)
    return suggestion


def _new(tenant: Tenant, asker: Asker, number: int) -> RouteSuggestion:
    return RouteSuggestion(
        tenant=tenant,
        client=asker.client,
        source_system=asker.client.source_system if asker.client else None,
        created_by=asker.actor,
        correlation_id=correlation.correlation_id.get() or correlation.new_id(),
        budget_seconds=seconds_for(number),
        rung_at=timezone.now(),
    )


def _audit(suggestion: RouteSuggestion, asker: Asker, number: int) -> None:
    """Write down which person asked; what clients ask for stands in the request log."""
    if asker.actor is None:
        return
    record_audit(
        tenant=suggestion.tenant,
        actor=asker.actor,
        action="route_suggestion.asked",
        subject=suggestion,
        details={"routeDate": str(suggestion.route_date), "targets": number},
    )


def _require_number(target_ids: list[int]) -> None:
    if not target_ids:
        raise _invalid("targetIds", "min_length", "Must name at least one target.")
    if len(target_ids) > MOST_TARGETS:
        raise _invalid("targetIds", "max_length", f"Must name at most {MOST_TARGETS:,} targets.")


def _require_own(model: type[Target] | type[Employee], tenant: Tenant, ids: list[int], *, path: str) -> None:
    found = model._default_manager.filter(tenant=tenant, id__in=ids).count()
    if found != len(ids):
        raise _invalid(path, "not_found", "One or more of them do not exist.")


def _invalid(path: str, code: str, message: str) -> ValidationFailed:
    return ValidationFailed("One or more fields are invalid.", details=[Detail(path, code, message)])
