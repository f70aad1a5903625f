"""Turns changes on admin pages into audit entries."""

from typing import Any

from django.db.models import Model
from django.http import HttpRequest

from ordinavo.tenants.models import Tenant, User
from ordinavo.tenants.services.audit import record_audit


def record_staff_change(request: HttpRequest, row: Model, action: str, details: dict[str, Any]) -> None:
    """Write an audit entry for a change that staff made by a form."""
    actor = request.user if isinstance(request.user, User) else None
    record_audit(tenant=_tenant_of(request, row), actor=actor, action=action, subject=row, details=details)


def _tenant_of(request: HttpRequest, row: Model) -> Tenant | None:
    tenant = row if isinstance(row, Tenant) else getattr(row, "tenant", None)
    return tenant or getattr(request, "tenant", None) or None
