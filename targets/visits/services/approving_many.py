"""Approving many reports at once: only clean ones, each in a transaction of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction

from ordinavo.kernel.errors import Conflict, DomainError
from ordinavo.tenants.models import Tenant, User
from targets.visits.doubts import doubts_about
from targets.visits.models import VisitReport
from targets.visits.selectors.reports import chosen_reports
from targets.visits.services.approving import approve_report
from targets.visits.services.locking import lock_reports


@dataclass(frozen=True)
class ApprovedMany:
    """What was approved, and what was left with the reason."""

    approved: list[VisitReport] = field(default_factory=list)
    left: list[tuple[VisitReport, str]] = field(default_factory=list)


def approve_many(*, tenant: Tenant, seen: Mapping[int, int], actor: User | None) -> ApprovedMany:
    """Approve the reports (`seen`: id → version that the manager saw) that are clean still.

    One that is not, or that somebody changed meanwhile, is left. Reports of others are passed over.
    """
    done = ApprovedMany()
    for report in chosen_reports(tenant, list(seen)):
        try:
            done.approved.append(_approve_clean(tenant, report, seen[report.pk], actor))
        except DomainError as refusal:
            done.left.append((report, refusal.message))
    return done


@transaction.atomic
def _approve_clean(tenant: Tenant, report: VisitReport, version: int, actor: User | None) -> VisitReport:
    [current] = lock_reports(tenant=tenant, report_ids=[report.pk])
    if current.version == version:
        doubts = doubts_about(current)
        if doubts:
            raise Conflict(" ".join(doubts))
    return approve_report(tenant=tenant, report_id=report.pk, version=version, actor=actor)
