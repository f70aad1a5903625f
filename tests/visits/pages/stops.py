"""Stops of an employee's day for tests, as rows: what led there is tested elsewhere."""

from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from customers.models import Contact, Customer, Location
from customers.services.records import with_keys
from ordinavo.tenants.models import Tenant
from targets.models import Target
from targets.visits.models import Appointment, Employee, VisitReport
from targets.visits.selectors.days import zone_of
from tests.routes.rows import target


def local_noon(employee: Employee, *, days: int = 0) -> datetime:
    """Noon of the employee's today, or of a day around it."""
    zone = zone_of(employee, employee.tenant)
    day = timezone.localdate(timezone=zone) + timedelta(days=days)
    return datetime.combine(day, time(12), zone)


def stop(employee: Employee, *, days: int = 0, of: Target | None = None, **fields: Any) -> Appointment:
    """An hour around noon with a scheduled target; `days` from today."""
    begin = local_noon(employee, days=days)
    wanted = of or target(employee.tenant, status="Scheduled")
    values = {
        "tenant": employee.tenant,
        "target": wanted,
        "employee": employee,
        "day": begin.date(),
        "sequence": 1,
        "planned_start": begin,
        "planned_end": begin + timedelta(hours=1),
        "target_revision": wanted.revision,
    }
    row = Appointment.objects.create(**{**values, **fields})
    follow = {"Started": "InProgress", "Completed": "Completed", "ProblemReported": "Problem"}
    Target.objects.filter(pk=wanted.pk).update(status=follow.get(row.status, wanted.status))
    return row


def begun(employee: Employee, *, minutes: int = 30, **fields: Any) -> Appointment:
    """A stop at which the employee is at work."""
    started = timezone.now() - timedelta(minutes=minutes)
    return stop(employee, **{"status": "Started", "started_at": started, **fields})


def ended(employee: Employee, **fields: Any) -> Appointment:
    """A stop that is done, its report not yet written."""
    now = timezone.now()
    times = {"started_at": now - timedelta(minutes=40), "ended_at": now}
    return stop(employee, **{"status": "Completed", **times, **fields})


def report(on: Appointment, **fields: Any) -> VisitReport:
    """A report of a stop, as a draft."""
    values = {"tenant": on.tenant, "appointment": on, "employee": on.employee}
    return VisitReport.objects.create(**{**values, **fields})


def known_target(tenant: Tenant, **fields: Any) -> Target:
    """A target with customer, site and contact, and with what an employee must never see."""
    customer = with_keys(Customer(tenant=tenant, name="Bäckerei Hollmann", phone="0201 5550117"))
    customer.save()
    location = with_keys(
        Location(
            tenant=tenant,
            customer=customer,
            name="Backstube",
            street="Krayer Straße 214",
            postal_code="45307",
            city="Essen",
            access_notes="Ring twice.",
            parking_notes="In the yard.",
        )
    )
    contact = with_keys(
        Contact(
            tenant=tenant,
            customer=customer,
            display_name="Sabine Hollmann",
            role="Owner",
            phone="+49 (201) 555-0118",
            email="sabine@hollmann.example",
        )
    )
    location.save()
    contact.save()
    return target(
        tenant,
        **{
            "status": "Scheduled",
            "customer": customer,
            "location": location,
            "contact": contact,
            "description": "Change the filter.",
            "custom_fields": {"gateCode": "4711", "keyAtPorter": True, "nothing": None},
            "expected_revenue": "9876.54",
            "customer_tier": "SECRET-TIER",
            "close_probability": 87.125,
            "mapping": {"status": "NeedsReview", "warnings": [{"code": "ambiguous_customer"}]},
            **fields,
        },
    )
