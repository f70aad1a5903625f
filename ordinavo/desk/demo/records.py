"""Stores the demo's templates, employees and customers."""

from datetime import time

from customers.models import Contact, Customer, ExternalReference, Location, MatchedBy, RecordKind
from customers.services.records import with_keys
from customers.services.timeline import Happening, record_timeline
from integrations.models import SourceSystem
from ordinavo.desk.demo.data import CUSTOMERS, EMPLOYEES, TEMPLATES, DemoContact, DemoCustomer, DemoLocation
from ordinavo.tenants.models import Tenant, User
from targets.models import TargetTemplate
from targets.visits.models import Employee, WorkingHours

_BREAK_MINUTES, _BREAK_FROM, _BREAK_UNTIL = 30, time(11), time(14)


def store_templates(tenant: Tenant) -> None:
    """Store the demo's templates with their defaults."""
    for key, name, description, minutes, priority, skills in TEMPLATES:
        TargetTemplate.objects.create(
            tenant=tenant,
            key=key,
            name=name,
            description=description,
            default_estimated_work_minutes=minutes,
            default_priority=priority,
            skills=list(skills),
        )


def store_employees(tenant: Tenant) -> None:
    """Store the demo's employees with their week; in the test twin nobody has a login."""
    for entry in EMPLOYEES:
        user = None if tenant.is_test else User.objects.filter(email=entry.email).first()
        employee = Employee.objects.create(
            tenant=tenant,
            user=user,
            name=entry.name,
            start_address=entry.address,
            start_latitude=entry.latitude,
            start_longitude=entry.longitude,
            skills=list(entry.skills),
        )
        WorkingHours.objects.bulk_create(
            WorkingHours(
                employee=employee,
                weekday=weekday,
                start=time(entry.hours[0]),
                end=time(entry.hours[1]),
                break_minutes=_BREAK_MINUTES,
                break_from=_BREAK_FROM,
                break_until=_BREAK_UNTIL,
            )
            for weekday in entry.days
        )


def store_customers(source: SourceSystem) -> None:
    """Store the demo's customers with locations, contacts and the ids that the source system has for them."""
    for entry in CUSTOMERS:
        customer = _customer(source.tenant, entry)
        _refer(source, RecordKind.CUSTOMER, entry.external_id, customer)
        for place in entry.locations:
            _refer(source, RecordKind.LOCATION, place.external_id, _location(customer, place))
        for person in entry.contacts:
            _refer(source, RecordKind.CONTACT, person.external_id, _contact(customer, person))
        record_timeline(
            [Happening(customer, "customer.created", {"by": "demo seed"})], tenant_id=source.tenant_id
        )


def _customer(tenant: Tenant, entry: DemoCustomer) -> Customer:
    customer = with_keys(
        Customer(
            tenant=tenant,
            number=entry.number,
            name=entry.name,
            type=entry.type,
            industry=entry.industry,
            email=entry.email,
            phone=entry.phone,
        )
    )
    customer.save()
    return customer


def _location(customer: Customer, place: DemoLocation) -> Location:
    location = with_keys(
        Location(
            tenant=customer.tenant,
            customer=customer,
            name=place.name,
            street=place.street,
            postal_code=place.postal_code,
            city=place.city,
            country="DE",
            latitude=place.latitude,
            longitude=place.longitude,
            access_notes=place.access_notes,
        )
    )
    location.save()
    return location


def _contact(customer: Customer, person: DemoContact) -> Contact:
    contact = with_keys(
        Contact(
            tenant=customer.tenant,
            customer=customer,
            display_name=person.name,
            role=person.role,
            email=person.email,
            phone=person.phone,
        )
    )
    contact.save()
    return contact


def _refer(
    source: SourceSystem, kind: RecordKind, external_id: str, record: Customer | Location | Contact
) -> None:
    if external_id:
        ExternalReference.objects.create(
            tenant=source.tenant,
            source_system=source,
            kind=kind,
            external_id=external_id,
            matched_by=MatchedBy.MANUAL,
            **{kind.value: record},
        )
