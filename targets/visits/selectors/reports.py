"""Reading visit reports, by tenant (None: all tenants, for operators)."""

from collections.abc import Collection

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from customers.models import Customer
from customers.selectors.finding import customer_ids_like
from integrations.models import SourceSystem
from ordinavo.kernel.errors import NotFound
from ordinavo.tenants.models import Tenant
from targets.models import Target
from targets.visits.models import Attachment, VisitReport

Status = VisitReport.Status
EARLIER_SHOWN = 5
_MOST_WAITING, _MOST_CHOICES, _MOST_FOUND = 300, 100, 200


def reports_of(tenant: Tenant | None) -> QuerySet[VisitReport]:
    """Return the reports of a tenant."""
    rows = VisitReport.objects.all()
    return rows.filter(tenant=tenant) if tenant else rows


def reports_to_approve(tenant: Tenant | None) -> QuerySet[VisitReport]:
    """Return what waits for a manager, the oldest first; read through an index by status."""
    return reports_of(tenant).filter(status=Status.SUBMITTED).order_by("id")


def with_order(rows: QuerySet[VisitReport]) -> QuerySet[VisitReport]:
    """Fetch along what was asked for, and of whom."""
    return rows.select_related(
        "employee",
        "appointment__target__customer",
        "appointment__target__location",
        "appointment__target__contact",
    )


def with_attachment_count(rows: QuerySet[VisitReport]) -> QuerySet[VisitReport]:
    """Add `attachment_count`, counted for the rows of a page only."""
    counted = Attachment.objects.filter(report=OuterRef("pk")).order_by().values("report")
    return rows.annotate(attachment_count=Coalesce(Subquery(counted.annotate(n=Count("pk")).values("n")), 0))


def report_of(*, tenant: Tenant, report_id: int) -> VisitReport:
    """Return a report of the tenant; any other one is not found."""
    report = with_order(reports_of(tenant)).filter(pk=report_id).first()
    if report is None:
        raise NotFound("There is no visit report with this id.")
    return report


def next_to_approve(tenant: Tenant, *, after: int) -> VisitReport | None:
    """Return the report that waits next behind this one; behind the last one comes the first."""
    waiting = reports_to_approve(tenant).exclude(pk=after)
    return waiting.filter(pk__gt=after).first() or waiting.first()


def earlier_reports(report: VisitReport, *, limit: int = EARLIER_SHOWN) -> list[VisitReport]:
    """Return the newest reports before this one at the same site, or without a site of the same customer."""
    target = report.appointment.target
    if target.location_id is not None:
        same = Q(appointment__target__location=target.location_id)
    elif target.customer_id is not None:
        same = Q(appointment__target__customer=target.customer_id)
    else:
        return []
    rows = VisitReport.objects.filter(same, tenant=report.tenant_id, pk__lt=report.pk)
    told = rows.exclude(status=Status.DRAFT).select_related("employee", "appointment__target")
    return list(told.order_by("-id")[:limit])


def attachments_of(report: VisitReport) -> list[Attachment]:
    """Return the photos and files of a report in the order in which they came."""
    return list(Attachment.objects.filter(report=report, report__tenant=report.tenant_id).order_by("id"))


def attachment_of(*, tenant: Tenant | None, report_id: int, attachment_id: int) -> Attachment:
    """Return one file of a report of the tenant; any other one is not found."""
    rows = Attachment.objects.filter(report__in=reports_of(tenant).filter(pk=report_id))
    found = rows.filter(pk=attachment_id).first()
    if found is None:
        raise NotFound("There is no such file.")
    return found


def chosen_reports(tenant: Tenant, report_ids: Collection[int]) -> list[VisitReport]:
    """Return reports of the tenant by id, with what was asked for."""
    return list(with_order(reports_of(tenant)).filter(pk__in=report_ids).order_by("id"))


def customers_of_waiting(tenant: Tenant | None, *, named: int = 0) -> list[tuple[str, str]]:
    """Return ids and names of the customers whose reports wait longest, and of the one that is named."""
    waiting = reports_to_approve(tenant).filter(appointment__target__customer__isnull=False)
    oldest = waiting.values("appointment__target__customer")[:_MOST_WAITING]
    rows = Customer.objects.filter(Q(pk__in=oldest) | Q(pk=named))
    found = rows.filter(tenant=tenant) if tenant else rows
    return [(str(pk), name) for pk, name in found.order_by("name").values_list("pk", "name")[:_MOST_CHOICES]]


def target_ids_like(term: str, *, tenant: Tenant | None) -> list[int]:
    """Return the ids of at most 200 targets with this external id, or of a customer who is called so."""
    rows = Target.objects.filter(Q(external_id=term) | Q(customer__in=customer_ids_like(term, tenant=tenant)))
    if tenant:
        # By the source systems, which stand between tenant and external id in the index.
        sources = SourceSystem.objects.filter(tenant=tenant)
        rows = rows.filter(tenant=tenant, source_system__in=sources)
    return list(rows.order_by("-id").values_list("id", flat=True)[:_MOST_FOUND])
