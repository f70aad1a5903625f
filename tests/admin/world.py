"""One row of everything that the admin shows, marked with a word that occurs nowhere else."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone

from customers.models import CityAlias, Contact, Customer, ExternalReference, Location, TimelineEntry
from customers.services.records import with_keys
from integrations.models import IntegrationClient, SourceSystem
from ordinavo.tenants.models import AuditEntry, ManagerNotice, Role, Tenant, User
from ordinavo.tenants.services.members import add_member
from targets.imports.models import ImportItem, ImportJob, MappingReview, ReviewedItem
from targets.models import Target, TargetTemplate
from targets.routes.models import Exclusion, Route, RouteSuggestion, Stop
from targets.visits.models import (
    Absence,
    Appointment,
    Attachment,
    BillingEvent,
    Employee,
    VisitReport,
    WorkingHours,
)
from tests import factories
from tests.webhooks import rows as hooks
from webhooks.models import Attempt, Delivery, Event, Subscription

_numbers = count(1)


def world(tenant: Tenant, mark: str) -> dict[type[Model], Any]:
    """Return one row for each model that has an admin page; every text in it holds `mark`."""
    number = next(_numbers)
    source = SourceSystem.objects.create(tenant=tenant, key=f"{mark}_{number}", name=f"{mark} system")
    client = IntegrationClient.objects.create(
        tenant=tenant, source_system=source, name=f"{mark} client {number}"
    )
    factories.key(client, label=f"{mark} key")
    rows: dict[type[Model], Any] = {SourceSystem: source, IntegrationClient: client, Tenant: tenant}
    rows[User] = add_member(
        tenant=tenant.twin_of or tenant, email=f"{mark}{number}@x.example", role=Role.SUPPORT, last_name=mark
    ).user
    rows[AuditEntry] = AuditEntry.objects.create(
        tenant=tenant,
        action=f"{mark}.done",
        subject_type="customers.customer",
        subject_id=1,
        details={"a": mark},
    )
    rows |= _records(tenant, source, mark, number)
    rows[ManagerNotice] = ManagerNotice.objects.create(
        tenant=tenant, kind=f"{mark}.done", title=f"{mark} notice", text=mark, link=f"/admin/{mark}/"
    )
    rows |= _work(tenant, client, rows, mark, number)
    rows |= _hooks(client, rows[Target], mark, number)
    return rows


def _records(tenant: Tenant, source: SourceSystem, mark: str, number: int) -> dict[type[Model], Any]:
    customer = with_keys(Customer(tenant=tenant, name=f"{mark} customer", number=f"{mark}-{number}"))
    customer.save()
    location = with_keys(Location(tenant=tenant, customer=customer, name=f"{mark} place", city=mark))
    contact = with_keys(Contact(tenant=tenant, customer=customer, display_name=f"{mark} person"))
    for row in (location, contact):
        row.save()
    for kind, record in (("customer", customer), ("location", location), ("contact", contact)):
        reference = ExternalReference.objects.create(
            tenant=tenant,
            source_system=source,
            kind=kind,
            external_id=f"{mark}-{kind}-{number}",
            **{kind: record},
        )
        TimelineEntry.objects.create(
            tenant=tenant, subject_type=record._meta.label_lower, subject_id=record.pk, action=f"{mark}.made"
        )
    alias = CityAlias(tenant=tenant, alias=f"{mark} town {number}", city=f"{mark} city")
    alias.full_clean()
    alias.save()
    return {
        Customer: customer,
        Location: location,
        Contact: contact,
        ExternalReference: reference,
        CityAlias: alias,
    }


def _work(
    tenant: Tenant, client: IntegrationClient, rows: dict[type[Model], Any], mark: str, number: int
) -> dict[type[Model], Any]:
    template = TargetTemplate.objects.create(tenant=tenant, key=f"{mark}_{number}", name=f"{mark} template")
    target = Target.objects.create(
        tenant=tenant,
        source_system=client.source_system,
        external_id=f"{mark}-T{number}",
        title=f"{mark} target",
        template=template,
        customer=rows[Customer],
        location=rows[Location],
        contact=rows[Contact],
        mapping={"status": "Mapped", "customerId": rows[Customer].pk, "warnings": [], "details": {}},
    )
    job = job_of(client, correlation_id=f"{mark}-C{number}")
    item = item_of(job, target=target, external_id=f"{mark}-I{number}", payload={"title": mark})
    review = MappingReview.objects.create(
        tenant=tenant,
        source_system=client.source_system,
        client=client,
        kind="customer",
        record_key=f"{mark}-{number}",
        external_id=f"{mark}-R{number}",
        reason="ambiguous_customer",
        record={"name": mark},
        candidates=[{"id": rows[Customer].pk, "evidence": {"name": "agrees"}}],
    )
    ReviewedItem.objects.create(review=review, item=item)
    return {
        TargetTemplate: template,
        Target: target,
        ImportJob: job,
        ImportItem: item,
        MappingReview: review,
        **(visits := _visits(tenant, target, mark)),
        RouteSuggestion: _suggestion(target, visits, mark, number),
    }


def _visits(tenant: Tenant, target: Target, mark: str) -> dict[type[Model], Any]:
    employee = Employee.objects.create(tenant=tenant, name=f"{mark} employee", skills=[mark])
    WorkingHours.objects.create(employee=employee, weekday=0, start=time(8), end=time(16))
    day = date(2026, 7, 1)
    Absence.objects.create(employee=employee, first_day=day, last_day=day, reason=mark)
    begin = datetime(2026, 7, 1, 8, tzinfo=UTC)
    appointment = Appointment.objects.create(
        tenant=tenant,
        target=target,
        employee=employee,
        day=day,
        sequence=1,
        planned_start=begin,
        planned_end=begin + timedelta(hours=1),
        target_revision=target.revision,
        cancelled_because=mark,
    )
    return {Employee: employee, Appointment: appointment, **_reports(appointment, mark)}


def _reports(appointment: Appointment, mark: str) -> dict[type[Model], Any]:
    report = VisitReport.objects.create(
        tenant=appointment.tenant,
        appointment=appointment,
        employee=appointment.employee,
        status="Submitted",
        result="Successful",
        summary=mark,
        problems=mark,
        follow_up_note=mark,
        internal_notes=mark,
        rejection_reason=mark,
    )
    Attachment.objects.create(
        report=report, key="1", kind="application/pdf", name=f"{mark}.pdf", file="none", size=1
    )
    billing = BillingEvent.objects.create(tenant=appointment.tenant, report=report)
    return {VisitReport: report, BillingEvent: billing}


def _suggestion(target: Target, visits: dict[type[Model], Any], mark: str, number: int) -> RouteSuggestion:
    appointment = visits[Appointment]
    begin, end = appointment.planned_start, appointment.planned_end
    suggestion = RouteSuggestion.objects.create(
        tenant=target.tenant,
        route_date=timezone.localdate(),
        status=RouteSuggestion.Status.PUBLISHED,
        correlation_id=f"{mark}-S{number}",
        solved_at=timezone.now(),
        summary={"routes": 1, "stops": 1, "excluded": 1, "travelMinutes": 5, "workMinutes": 60},
    )
    route = Route.objects.create(
        suggestion=suggestion,
        number=1,
        employee=visits[Employee],
        status=Route.Status.PUBLISHED,
        starts_at=begin,
        ends_at=end,
    )
    Stop.objects.create(
        route=route,
        target=target,
        appointment=appointment,
        sequence=1,
        arrives_at=begin,
        work_starts_at=begin,
        departs_at=end,
        reasons=[{"code": "why", "message": mark}],
        facts=mark[:16],
    )
    Exclusion.objects.create(
        suggestion=suggestion, target=target, reason_code="too_far", message=mark, hint=mark
    )
    return suggestion


def _hooks(client: IntegrationClient, target: Target, mark: str, number: int) -> dict[type[Model], Any]:
    subscription = hooks.subscription(
        client,
        url=f"https://{mark}.example/{number}",
        description=f"{mark} hook {number}",
        failure_streak=1,
        failing_since=timezone.now(),
    )
    event = hooks.event(
        client,
        correlation_id=f"{mark}-E{number}",
        subject_type="targets.target",
        subject_id=target.pk,
        snapshot={"target": {"id": target.pk, "title": mark}},
    )
    delivery = hooks.delivery(subscription, event, status="Retrying", attempt_count=1)
    Attempt.objects.create(
        tenant=client.tenant,
        subscription=subscription,
        delivery=delivery,
        started_at=timezone.now(),
        duration_ms=20,
        status_code=500,
        answer=f"{mark} answer",
    )
    return {Subscription: subscription, Event: event, Delivery: delivery}


def job_of(client: IntegrationClient, **fields: Any) -> ImportJob:
    """A finished single import."""
    return ImportJob.objects.create(
        **{
            "tenant": client.tenant,
            "client": client,
            "source_system": client.source_system,
            "kind": "single",
            "status": "Completed",
            "request_id": "01",
            "total_items": 1,
            "created_items": 1,
            "created_at": timezone.now(),
            **fields,
        }
    )


def item_of(job: ImportJob, **fields: Any) -> ImportItem:
    """A created item of the job."""
    defaults = {"index": 0, "place": 0, "status": "Imported", "result": "Created", "payload": {}}
    return ImportItem.objects.create(**{"tenant": job.tenant, "job": job, **defaults, **fields})


def jobs_page(job: ImportJob, name: str) -> str:
    """The path of a page beside a job's own: live, errors, cancel or retry."""
    return reverse(f"admin:imports_importjob_{name}", args=[job.pk])


def answer_path(review: MappingReview, verb: str) -> str:
    """The path that an answer to a review is posted to: link, create or dismiss."""
    return reverse(f"admin:imports_mappingreview_{verb}", args=[review.pk])


def registered() -> list[type[Model]]:
    """The models that have an admin page."""
    return list(admin.site._registry)


def path_of(model: type[Model], page: str, *args: Any) -> str:
    """The path of a model's admin page."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)
