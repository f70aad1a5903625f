"""Reports that wait for a manager, and what managers do with them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.utils import timezone

from customers.models import Customer, Location
from customers.services.records import with_keys
from integrations.models import IntegrationClient
from ordinavo.tenants.models import Tenant, User
from targets.visits.models import BillingEvent, VisitReport
from targets.visits.services.approving import approve_report
from targets.visits.services.reporting import ReportValues
from tests.visits.field import DONE, day_of, key, submit
from tests.visits.field import start as begin
from tests.webhooks import rows as hooks
from webhooks.models import Delivery, Subscription

BILLING = "billing_webhooks"


def customer(tenant: Tenant, name: str = "Rhein-Ruhr Medical Supply", **fields: Any) -> Customer:
    """A customer of the tenant."""
    row = with_keys(Customer(tenant=tenant, name=name, **fields))
    row.save()
    return row


def location(customer: Customer, name: str = "Essen Center", **fields: Any) -> Location:
    """A site of a customer, in Essen."""
    row = with_keys(Location(**{"tenant": customer.tenant, "customer": customer, "name": name, **fields}))
    row.save()
    return row


def handed_in(tenant: Tenant, *, of: dict[str, Any] | None = None, **values: Any) -> VisitReport:
    """A report of forty minutes of good work where thirty were planned; `of` says what the target is like."""
    [visit] = day_of(tenant, **(of or {}))
    at = timezone.now()
    begin(visit, at=at - timedelta(minutes=41))
    submit(visit, at=at, values=replace(DONE, **values))
    return fresh(VisitReport.objects.get(appointment=visit))


def handed_in_again(report: VisitReport, **values: Any) -> VisitReport:
    """The employee hands a report in once more after it was given back."""
    submit_values = replace(ReportValues(result=report.result, used_minutes=report.used_minutes), **values)
    submit(report.appointment, key=key(), version=report.version, values=submit_values)
    return fresh(report)


def fresh(report: VisitReport) -> VisitReport:
    """The report as it is stored."""
    rows = VisitReport.objects.select_related("tenant", "appointment__target", "appointment__employee")
    return rows.get(pk=report.pk)


def approved(report: VisitReport, actor: User | None = None, **given: Any) -> VisitReport:
    """A manager approves what stands there now."""
    approve_report(tenant=report.tenant, report_id=report.pk, actor=actor, **given)
    return fresh(report)


def bill_of(report: VisitReport) -> BillingEvent:
    """The billing event of a report, as it is stored."""
    return BillingEvent.objects.select_related("report", "tenant").get(report=report)


def listener(client: IntegrationClient, *types: str, **fields: Any) -> Subscription:
    """A subscription that may be told of billing."""
    client.features = [BILLING]
    client.save(update_fields=["features"])
    return hooks.subscription(client, *types, **fields)


def ready_deliveries() -> list[Delivery]:
    """The deliveries of `billing.event_ready`, the oldest first."""
    return list(Delivery.objects.filter(event_type="billing.event_ready").order_by("id"))
