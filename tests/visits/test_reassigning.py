"""A manager gives a visit to somebody else: both days stay in order, both phones follow."""

from datetime import timedelta

import pytest

from customers.models import TimelineEntry
from integrations.models import IntegrationClient
from ordinavo.kernel.errors import Conflict, NotFound
from ordinavo.tenants.models import AuditEntry, Role, Tenant
from ordinavo.tenants.services.members import add_member
from targets.visits.models import Absence, Appointment, Employee
from targets.visits.services.appointments import unschedule_appointments
from targets.visits.services.reassigning import reassign_appointment
from targets.visits.states import MoveRefused
from tests import factories
from tests.api import Api
from tests.imports.sending import send
from tests.visits import field
from tests.visits.rows import employee
from tests.webhooks import rows
from tests.webhooks.telling import types

pytestmark = pytest.mark.django_db


def give(visit: Appointment, to: Employee) -> Appointment:
    return reassign_appointment(tenant=visit.tenant, appointment_id=visit.pk, employee=to, actor=None)


def order(who: Employee) -> list[tuple[int, int]]:
    """Number and id of the visits of the day, cancelled ones left out, as the phone shows them."""
    visits = Appointment.objects.filter(employee=who).exclude(status="Cancelled")
    return list(visits.order_by("sequence").values_list("sequence", "id"))


def test_it_takes_its_place_by_time_and_the_others_close_ranks(
    tenant: Tenant, erp: IntegrationClient
) -> None:
    one, two = employee(tenant), employee(tenant)
    mine, theirs = field.day_of(tenant, 3, who=one), field.day_of(tenant, 2, who=two)
    Appointment.objects.filter(pk=mine[1].pk).update(
        planned_start=theirs[0].planned_start + timedelta(minutes=30),
        planned_end=theirs[0].planned_start + timedelta(minutes=60),
    )
    rows.subscription(erp, "target.*", "appointment.*")
    given = give(mine[1], two)
    assert (given.sequence, given.employee) == (2, two)
    assert order(one) == [(1, mine[0].pk), (2, mine[2].pk)]
    assert order(two) == [(1, theirs[0].pk), (2, mine[1].pk), (3, theirs[1].pk)]
    assert types() == []
    with pytest.raises(NotFound):
        field.start(mine[1], employee=one)
    assert field.start(mine[1], employee=two).status == "Started"


def test_planned_ways_that_nobody_goes_any_more_are_forgotten(tenant: Tenant) -> None:
    one, two = employee(tenant), employee(tenant)
    mine, theirs = field.day_of(tenant, 4, who=one), field.day_of(tenant, 3, who=two)
    Appointment.objects.update(travel_minutes=7, travel_meters=7_000)
    Appointment.objects.filter(pk=theirs[1].pk).update(status="Cancelled")
    start = theirs[0].planned_start + timedelta(minutes=5)
    Appointment.objects.filter(pk=mine[1].pk).update(planned_start=start)
    field.start(theirs[0])
    give(mine[1], two)

    unknown = Appointment.objects.filter(travel_minutes=None, travel_meters=None)
    assert set(unknown) == {mine[1], mine[2], theirs[2]}
    assert set(Appointment.objects.difference(unknown).values_list("travel_minutes", flat=True)) == {7}


def test_the_way_to_what_has_begun_stays_as_it_was_planned(tenant: Tenant) -> None:
    mine, to = field.day_of(tenant, 2), employee(tenant)
    Appointment.objects.update(travel_minutes=7, travel_meters=7_000)
    field.start(mine[1])
    give(mine[0], to)
    assert list(Appointment.objects.order_by("id").values_list("travel_minutes", flat=True)) == [None, 7]


def test_it_is_written_down_who_did_it(tenant: Tenant) -> None:
    manager = add_member(tenant=tenant, email="m@x.example", role=Role.MANAGER).user
    [visit], to = field.day_of(tenant), employee(tenant)
    reassign_appointment(tenant=tenant, appointment_id=visit.pk, employee=to, actor=manager)
    entry = AuditEntry.objects.get(action="appointment.reassigned")
    details = {"fromEmployeeId": visit.employee_id, "toEmployeeId": to.pk}
    assert (entry.actor, entry.subject_id, entry.details) == (manager, visit.pk, details)
    line = TimelineEntry.objects.latest("id")
    assert (line.action, line.actor, line.subject_id) == (
        "appointment.reassigned",
        manager,
        visit.target_id,
    )
    assert details.items() <= line.details.items()


def test_nobody_is_given_what_they_cannot_do(tenant: Tenant) -> None:
    [visit] = field.day_of(tenant)
    away, gone, idle = employee(tenant), employee(tenant, active=False), employee(tenant)
    Absence.objects.create(employee=away, first_day=visit.day, last_day=visit.day)
    idle.hours.all().delete()
    for who in (away, gone, idle):
        with pytest.raises(Conflict, match=f"{who.name} does not work on {visit.day}"):
            give(visit, who)
    with pytest.raises(Conflict, match="has this visit already"):
        give(visit, visit.employee)
    assert Appointment.objects.get().employee_id == visit.employee_id
    assert not AuditEntry.objects.exists()


def test_what_has_begun_or_ended_stays_where_it_is(tenant: Tenant, api: Api) -> None:
    begun, done, off = field.day_of(tenant, 3)
    to = employee(tenant)
    field.start(begun)
    field.start(done)
    field.complete(done)
    send(api, externalId=off.target.external_id, operation="cancel")
    for visit, sentence in ((begun, "Work on this visit has begun"), (done, "completed"), (off, "cancelled")):
        with pytest.raises(MoveRefused, match=sentence):
            give(visit, to)
    assert order(to) == []


def test_other_tenants_are_not_found(tenant: Tenant) -> None:
    [visit] = field.day_of(tenant)
    stranger = employee(factories.tenant())
    with pytest.raises(NotFound):
        give(visit, stranger)
    with pytest.raises(NotFound):
        reassign_appointment(tenant=stranger.tenant, appointment_id=visit.pk, employee=stranger, actor=None)


def test_days_are_numbered_anew_when_visits_come_and_go(tenant: Tenant, api: Api) -> None:
    who = employee(tenant)
    first = field.day_of(tenant, 3, who=who)
    later = field.day_of(tenant, 2, who=who)
    # Both were planned for the same hours, as two routes of a day may be.
    assert [number for number, _ in order(who)] == [1, 2, 3, 4, 5]
    assert sorted(one.sequence for one in later) == sorted(
        Appointment.objects.filter(id__in=[one.pk for one in later]).values_list("sequence", flat=True)
    )
    unschedule_appointments(tenant=tenant, appointment_ids=[first[0].pk, first[2].pk], actor=None)
    assert [number for number, _ in order(who)] == [1, 2, 3]
    send(api, externalId=later[0].target.external_id, operation="cancel")
    # Whoever is on the way sees the gap, and the cancelled stop in it.
    assert len({number for number, _ in order(who)}) == 2
