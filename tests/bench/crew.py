"""A crew with a stop each, what their phones send, and a million visits of the past with their reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection

from integrations.models import IntegrationClient
from ordinavo.tenants.models import Membership, Role, Tenant, User
from targets.models import Target
from targets.visits.models import Appointment, Device, Employee
from targets.visits.pages.access import COOKIE
from targets.visits.selectors.devices import digest_of
from targets.visits.services.appointments import Visit, schedule_appointments
from tests.webhooks import rows

_TOKEN = "b" * 32
_SECRET = "secret-of-phone-{}"
_PAST = """
INSERT INTO visits_appointment
    (tenant_id, target_id, employee_id, status, day, sequence, planned_start, planned_end, travel_minutes,
     travel_meters, target_revision, cancelled_because, created_at, updated_at)
SELECT %s, (%s::bigint[])[1 + n %% %s], (%s::bigint[])[1 + n %% %s],
    CASE WHEN n %% 7 = 0 THEN 'Cancelled' ELSE 'Completed' END, past.day, 1 + n / %s %% 20,
    past.day + interval '8 hours', past.day + interval '9 hours', 10, 5000, 1, '', now(), now()
FROM generate_series(0, %s - 1) AS n,
    LATERAL (SELECT current_date - 1 - n / (%s * 20) AS day) AS past
"""
_REPORTED = """
INSERT INTO visits_visitreport
    (tenant_id, appointment_id, employee_id, status, result, problem, summary, problems, used_minutes,
     follow_up_required, follow_up_note, is_billable, billing_status, internal_notes, rejection_reason,
     version, created_at, updated_at)
SELECT tenant_id, id, employee_id, 'Approved', 'Successful', '', 'All done.', '', 30,
    false, '', true, 'Sent', '', '', 2, now(), now()
FROM visits_appointment WHERE tenant_id = %s AND status = 'Completed'
ON CONFLICT (appointment_id) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Phone:
    """What a phone sends of its stop: path, headers, body."""

    number: int
    requests: Sequence[tuple[str, dict[str, str], bytes]]


def hire(client: IntegrationClient, number: int) -> list[Appointment]:
    """Return a stop of today for each of so many employees, who are logged in, with somebody who listens."""
    rows.subscription(client, "target.*", "appointment.*", "visit_report.*")
    users = User.objects.bulk_create(User(email=f"crew-{n}@x.example", password="!") for n in range(number))
    Membership.objects.bulk_create(
        Membership(user=user, tenant=client.tenant, role=Role.EMPLOYEE) for user in users
    )
    people = Employee.objects.bulk_create(
        Employee(tenant=client.tenant, user=user, name=f"Crew {n}") for n, user in enumerate(users)
    )
    Device.objects.bulk_create(
        Device(
            employee=one,
            digest=digest_of(_SECRET.format(one.pk)),
            login_hash=user.get_session_auth_hash(),
            name="Phone",
            last_seen_at=datetime.now(UTC),
        )
        for one, user in zip(people, users, strict=True)
    )
    return _plan(client, people)


def remember(tenant: Tenant, people: Sequence[Employee], number: int) -> None:
    """Store so many visits of the past, twenty for each person and day, and their reports."""
    targets = list(Target.objects.filter(tenant=tenant).values_list("id", flat=True))
    ids = [one.pk for one in people]
    with connection.cursor() as cursor:
        cursor.execute(
            _PAST,
            [tenant.pk, targets, len(targets), ids, len(ids), len(ids), number, len(ids)],
        )
        cursor.execute(_REPORTED, [tenant.pk])


def phone_of(stop: Appointment, photo: bytes) -> Phone:
    """Return what an employee sends who starts, completes, and reports with a photo."""
    path = f"/myday/stops/{stop.pk}"
    headers = {
        "Cookie": f"{settings.CSRF_COOKIE_NAME}={_TOKEN}; {COOKIE}={_SECRET.format(stop.employee_id)}",
        "Accept": "application/json",
    }
    report = {
        "version": "",
        "result": "Successful",
        "summary": "All done.",
        "used_minutes": "30",
        "send": "1",
    }
    sent: tuple[tuple[str, dict[str, str], bytes], ...] = (
        ("start", {}, b""),
        ("complete", {}, b""),
        ("report", report, photo),
    )
    requests = []
    for word, fields, file in sent:
        told = {"csrfmiddlewaretoken": _TOKEN, "key": f"{word}-{stop.pk}", **fields}
        body, kind = _form(told, file)
        requests.append((f"{path}/{word}/", {**headers, "Content-Type": kind}, body))
    return Phone(stop.pk, requests)


def _form(fields: dict[str, str], file: bytes) -> tuple[bytes, str]:
    mark = "----phone"
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    if file:
        head = f'--{mark}\r\nContent-Disposition: form-data; name="files"; filename="IMG.jpg"\r\n'
        parts += [head.encode(), b"Content-Type: image/jpeg\r\n\r\n", file, b"\r\n"]
    return b"".join([*parts, f"--{mark}--\r\n".encode()]), f"multipart/form-data; boundary={mark}"


def _plan(client: IntegrationClient, people: Sequence[Employee]) -> list[Appointment]:
    targets = Target.objects.bulk_create(
        Target(
            tenant=client.tenant,
            source_system=client.source_system,
            external_id=f"FIELD-{n}",
            title=f"Visit {n}",
            priority="Normal",
            estimated_work_minutes=30,
        )
        for n in range(len(people))
    )
    now = datetime.now(UTC).replace(microsecond=0)
    visits = [
        Visit(target, one, now.date(), 1, now, now + timedelta(minutes=30), 10, 5000)
        for target, one in zip(targets, people, strict=True)
    ]
    return schedule_appointments(tenant=client.tenant, visits=visits, actor=None)
