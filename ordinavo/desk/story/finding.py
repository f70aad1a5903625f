"""Targets by what a person has in hand: external id, correlation id, customer, job, event or delivery."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from customers.selectors.finding import customer_ids_like
from ordinavo.tenants.models import Tenant
from targets.imports.models import ImportItem
from targets.imports.selectors.finding import job_ids_like
from targets.models import Target
from targets.selectors import targets_called
from targets.visits.models import Appointment, VisitReport
from webhooks.admin.links import known_ids
from webhooks.models import Delivery, Event

MOST_FOUND = 50


@dataclass(frozen=True, slots=True)
class Found:
    """A target, and by what it was found."""

    target: Target
    by: str


def find_targets(term: str, *, tenant: Tenant) -> list[Found]:
    """Return at most fifty targets of the tenant, the newest first; every way goes through an index."""
    by: dict[int, str] = {}
    for what, ids in (
        ("external id", _by_external_id(term, tenant)),
        ("event or delivery", _by_known_id(term, tenant)),
        ("job or correlation id", _by_job(term, tenant)),
        ("correlation id", _by_correlation(term, tenant)),
        ("customer", _by_customer(term, tenant)),
    ):
        for pk in ids:
            by.setdefault(pk, what)
    rows = Target.objects.filter(tenant=tenant, pk__in=by).select_related("customer", "location")
    return [Found(row, by[row.pk]) for row in rows.order_by("-pk")[:MOST_FOUND]]


def _by_external_id(term: str, tenant: Tenant) -> Iterable[int]:
    return targets_called(term, tenant).values_list("pk", flat=True)[:MOST_FOUND]


def _by_job(term: str, tenant: Tenant) -> Iterable[int]:
    jobs = job_ids_like(term, tenant=tenant)
    rows = ImportItem.objects.filter(tenant=tenant, job_id__in=jobs, target__isnull=False)
    targets = rows.order_by("job_id", "index").values_list("target_id", flat=True)[:MOST_FOUND]
    return filter(None, targets)


def _by_customer(term: str, tenant: Tenant) -> Iterable[int]:
    customers = customer_ids_like(term, tenant=tenant)
    rows = Target.objects.filter(tenant=tenant, customer_id__in=customers)
    return rows.order_by("-pk").values_list("pk", flat=True)[:MOST_FOUND]


def _by_correlation(term: str, tenant: Tenant) -> Iterable[int]:
    return _of_events(Q(correlation_id=term), tenant)


def _by_known_id(term: str, tenant: Tenant) -> Iterable[int]:
    known = known_ids(term)
    if known is None:
        return ()
    rows = Delivery.objects.filter(known, tenant=tenant).values_list("event_id", flat=True)
    return _of_events(Q(pk__in=list(rows[:1])), tenant)


def _of_events(wanted: Q, tenant: Tenant) -> list[int]:
    """Return the targets that events tell of, be it through a visit or its report."""
    rows = Event.objects.filter(wanted, tenant=tenant, subject_id__isnull=False).order_by("-pk")
    subjects = set(rows.values_list("subject_type", "subject_id")[:MOST_FOUND])

    def about(label: str) -> list[int]:
        return sorted(pk for kind, pk in subjects if kind == label and pk is not None)

    visits = Appointment.objects.filter(
        Q(pk__in=about(Appointment._meta.label_lower)) | Q(report__in=about(VisitReport._meta.label_lower)),
        tenant=tenant,
    )
    return [*about(Target._meta.label_lower), *visits.values_list("target_id", flat=True)]
