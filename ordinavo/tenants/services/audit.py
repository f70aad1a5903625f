"""Who changed what."""

from typing import Any

from django.db import models

from ordinavo.kernel import correlation
from ordinavo.tenants.models import AuditEntry, Tenant, User


def record_audit(
    *,
    tenant: Tenant | None,
    actor: User | None,
    action: str,
    subject: models.Model,
    details: dict[str, Any] | None = None,
) -> AuditEntry:
    """Write down a change in the transaction that makes it.

    `action` is `noun.past_verb`; `actor` is None for commands and tasks; `details` hold no secrets.
    """
    return AuditEntry.objects.create(
        tenant=tenant,
        actor=actor,
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        details=details or {},
        correlation_id=correlation.correlation_id.get(),
    )
