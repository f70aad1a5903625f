"""The desk through the web server, with a million targets and as many visits: start page, board, story."""

import time
from collections.abc import Iterator
from http.client import HTTPConnection
from statistics import median, quantiles
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from integrations.models import IntegrationClient
from ordinavo.desk.roles import sync_roles
from ordinavo.tenants.models import Role
from ordinavo.tenants.services.members import add_member
from targets.models import Target
from targets.visits.models import Appointment, Employee
from tests.bench.figures import Figure
from tests.bench.load import HOST
from tests.bench.server import Server, refresh_statistics

STORED = 1_000_000
# Two hundred days before today and as many after it, with 2,500 visits each.
_PEOPLE, _STOPS_A_DAY, _TURNS, _WARMING = 250, 10, 25, 3
_HISTORY = 1_000
_MOST_MS = 300.0

_TARGETS = """
INSERT INTO targets_target
    (tenant_id, source_system_id, external_id, external_type, status, title, description, template_key,
     street, postal_code, city, country, fixed_time, customer_tier, custom_fields, appointment_status,
     revision, place, created_at, updated_at, priority, estimated_work_minutes)
SELECT %(tenant)s, %(source)s, 'DESK-' || n, '',
    CASE WHEN n %% 97 = 0 THEN 'Open' WHEN n < %(today)s THEN 'Completed' ELSE 'Scheduled' END,
    'Visit ' || n, '', '', '', '', 'Essen', 'DE', false, '', '{}', '', 1, n, now(), now(), 'Normal', 30
FROM generate_series(0, %(number)s - 1) AS n
"""
# Of today's stops some are done, some under way, some late, some in trouble.
_VISITS = """
INSERT INTO visits_appointment
    (tenant_id, target_id, employee_id, status, day, sequence, planned_start, planned_end, travel_minutes,
     travel_meters, target_revision, cancelled_because, created_at, updated_at)
SELECT %(tenant)s, target.id, (%(people)s::bigint[])[1 + nth.n / %(stops)s %% %(crew)s],
    CASE WHEN nth.n < %(today)s THEN 'Completed' WHEN nth.n >= %(today)s + %(a_day)s THEN 'Scheduled'
        WHEN nth.n %% 10 < 4 THEN 'Completed' WHEN nth.n %% 10 = 4 THEN 'Started'
        WHEN nth.n %% 50 = 5 THEN 'ProblemReported' ELSE 'Scheduled' END,
    past.day, 1 + nth.n %% %(stops)s,
    past.day + interval '7 hours' + (nth.n %% %(stops)s) * interval '1 hour',
    past.day + interval '7 hours 40 minutes' + (nth.n %% %(stops)s) * interval '1 hour',
    10, 5000, 1, '', now(), now()
FROM targets_target AS target, LATERAL (SELECT substr(target.external_id, 6)::int AS n) AS nth,
    LATERAL (SELECT current_date - 200 + nth.n / %(a_day)s AS day) AS past
WHERE target.tenant_id = %(tenant)s AND target.external_id LIKE 'DESK-%%'
"""
_REPORTS = """
INSERT INTO visits_visitreport
    (tenant_id, appointment_id, employee_id, status, result, problem, summary, problems, used_minutes,
     follow_up_required, follow_up_note, is_billable, billing_status, internal_notes, rejection_reason,
     submission_heard_at, version, created_at, updated_at)
SELECT tenant_id, id, employee_id, CASE WHEN id %% 2000 = 0 THEN 'Submitted' ELSE 'Approved' END,
    'Successful', '', 'All done.', '', 30, false, '', true, 'NotReady', '', '', now(), 2, now(), now()
FROM visits_appointment WHERE tenant_id = %(tenant)s AND status = 'Completed'
ON CONFLICT (appointment_id) DO NOTHING
"""
_JOBS = """
INSERT INTO imports_importjob
    (tenant_id, client_id, source_system_id, kind, status, validate_only, batch_id, correlation_id,
     request_id, total_items, pending_items, created_items, updated_items, unchanged_items, cancelled_items,
     rejected_items, skipped_items, warning_items, needs_review_items, created_at, finished_at)
SELECT %(tenant)s, %(client)s, %(source)s, 'single', CASE WHEN n %% 5 = 0 THEN 'Failed' ELSE 'Completed' END,
    false, '', 'desk-' || n, 'r', 1, 0, 0, (n %% 5 > 0)::int, 0, 0, (n %% 5 = 0)::int, 0, 0, 0,
    now() - (%(history)s - n) * interval '2 minutes', now()
FROM generate_series(1, %(history)s) AS n
"""
_ITEMS = """
INSERT INTO imports_importitem
    (tenant_id, job_id, index, place, external_id, payload, status, result, target_id, error_code,
     error_message, errors, warnings, mapping_status, processed_at)
SELECT %(tenant)s, job.id, 0, job.id, 'DESK-0', json_build_object('title', 'Title ' || job.id),
    CASE WHEN rejected_items > 0 THEN 'Rejected' ELSE 'Imported' END,
    CASE WHEN rejected_items > 0 THEN '' ELSE 'Updated' END,
    CASE WHEN rejected_items > 0 THEN NULL ELSE %(target)s END,
    CASE WHEN rejected_items > 0 THEN 'target_closed' ELSE '' END, '', '[]', '[]', '', now()
FROM imports_importjob AS job WHERE job.tenant_id = %(tenant)s AND job.correlation_id LIKE 'desk-%%'
"""


def measure(server: Server) -> Iterator[Figure]:
    """Yield how long the server takes for the pages that staff begin the day with."""
    target_id = _fill(server.client)
    stored = min(Target.objects.count(), Appointment.objects.count())
    yield Figure("targets and visits stored", stored, "", f"≥ {STORED:,}", stored >= STORED)
    sync_roles()
    for role, what, path in (
        (Role.MANAGER, "start page of a manager", "/admin/"),
        (Role.SUPPORT, "start page of support", "/admin/"),
        (Role.MANAGER, "today's board, 50 of 250 people", "/admin/board/"),
        (Role.MANAGER, "its part that renews itself", "/admin/board/live/"),
        (Role.MANAGER, "who is late", "/admin/board/?show=late"),
        (Role.MANAGER, "story with 1,000 imports", f"/admin/story/{target_id}/"),
    ):
        yield from _page(server.port, what, path, _logged_in(server.client, role))


def _fill(client: IntegrationClient) -> int:
    """Store everything, and return the target with the long history."""
    tenant = client.tenant
    people = Employee.objects.bulk_create(
        Employee(tenant=tenant, name=f"Desk {number:03}") for number in range(_PEOPLE)
    )
    a_day = _PEOPLE * _STOPS_A_DAY
    shared: dict[str, Any] = {
        "tenant": tenant.pk,
        "source": client.source_system_id,
        "client": client.pk,
        "number": STORED,
        "today": 200 * a_day,
        "a_day": a_day,
        "people": [one.pk for one in people],
        "crew": _PEOPLE,
        "stops": _STOPS_A_DAY,
        "history": _HISTORY,
    }
    with connection.cursor() as cursor:
        for statement in (_TARGETS, _VISITS, _REPORTS, _JOBS):
            cursor.execute(statement, shared)
        target_id = Target.objects.get(tenant=tenant, external_id="DESK-0").pk
        cursor.execute(_ITEMS, {**shared, "target": target_id})
    refresh_statistics()
    return target_id


def _logged_in(client: IntegrationClient, role: Role) -> str:
    email = f"{role}@desk.example"
    member = client.tenant.memberships.filter(user__email=email).first()
    user = member.user if member else add_member(tenant=client.tenant, email=email, role=role).user
    browser = Client()
    browser.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"


def _page(port: int, what: str, path: str, cookie: str) -> Iterator[Figure]:
    line = HTTPConnection(HOST, port, timeout=60)
    times = [_once(line, path, cookie) for _ in range(_WARMING + _TURNS)][_WARMING:]
    line.close()
    middle, p95 = median(times), quantiles(times, n=20)[18]
    yield Figure(f"  {what}: median", middle, "ms", f"≤ {_MOST_MS:.0f} ms", middle <= _MOST_MS)
    yield Figure(f"  {what}: p95", p95, "ms", "(for comparison)", good=True)


def _once(line: HTTPConnection, path: str, cookie: str) -> float:
    started = time.perf_counter()
    line.request("GET", path, headers={"Cookie": cookie})
    answer = line.getresponse()
    answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path} was answered with {answer.status}.")
    return (time.perf_counter() - started) * 1000
