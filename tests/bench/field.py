"""Field work: a crew sends in within a minute, through the web server; and days among a million visits."""

import io
import os
import random
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from statistics import median, quantiles

from django.conf import settings
from django.db import connection
from PIL import Image

from ordinavo.tenants.models import Tenant
from targets.visits.models import Appointment, Attachment, Employee, VisitReport
from targets.visits.selectors.myday import owed_before, stops_of_day
from tests.bench import crew
from tests.bench.figures import Figure
from tests.bench.load import HOST
from tests.bench.processors import seconds_below
from tests.bench.server import Server, refresh_statistics
from webhooks.models import Event

PHONES, SECONDS, STORED = 500, 60.0, 1_000_000
# One in five phones hears no answer and sends the same again.
_DEAF = 5
_DAYS = 40


def measure(server: Server) -> Iterator[Figure]:
    """Yield the figures of a crew that works off a stop each within a minute, and of days in a big table."""
    tenant = server.client.tenant
    stops = crew.hire(server.client, PHONES)
    crew.remember(tenant, [stop.employee for stop in stops], STORED)
    refresh_statistics()
    yield from _days(tenant)
    yield from _rush(server, stops)


def _rush(server: Server, stops: Sequence[Appointment]) -> Iterator[Figure]:
    photos = [_photo(seed) for seed in range(20)]
    phones = [crew.phone_of(stop, photos[n % 20]) for n, stop in enumerate(stops)]
    begins, spent = time.perf_counter() + 1, seconds_below(os.getpid())
    answers: list[tuple[float, int]] = []
    threads = [
        threading.Thread(target=_work_off, args=(server.port, phone, begins + SECONDS * n / PHONES, answers))
        for n, phone in enumerate(phones)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = (seconds_below(os.getpid()) - spent) / len(phones)
    yield from _judge(answers)
    # Half of what two processors have to give in that minute; the rest is the database's.
    most = SECONDS / len(phones)
    yield Figure("  processor time of the web server, a phone", spent * 1000, "ms", "≤ 120 ms", spent <= most)
    yield from _lost(len(phones))


def _work_off(port: int, phone: crew.Phone, at: float, answers: list[tuple[float, int]]) -> None:
    """Send what one phone sends, from its moment on; who hears nothing sends it again."""
    time.sleep(max(0.0, at - time.perf_counter()))
    again = phone.number % _DEAF == 0
    for path, headers, body in phone.requests:
        for _ in range(2 if again else 1):
            line = HTTPConnection(HOST, port, timeout=60)
            started = time.perf_counter()
            line.request("POST", path, body, headers)
            answer = line.getresponse()
            answer.read()
            answers.append((time.perf_counter() - started, answer.status))
            line.close()


def _judge(answers: Sequence[tuple[float, int]]) -> Iterator[Figure]:
    times = sorted(seconds for seconds, _ in answers)
    refused = sum(status not in {200, 302} for _, status in answers)
    p95 = quantiles(times, n=100)[94]
    yield Figure(f"{PHONES} phones in a minute: requests", len(answers), "", "(for comparison)", good=True)
    yield Figure("  their p50", median(times) * 1000, "ms", "(for comparison)", good=True)
    yield Figure("  their p95", p95 * 1000, "ms", "≤ 1,000 ms", p95 <= 1)
    yield Figure("  the slowest", times[-1] * 1000, "ms", "(for comparison)", good=True)
    yield Figure("  refused or failed", refused, "", "0", refused == 0)


def _lost(phones: int) -> Iterator[Figure]:
    """Compare what arrived with what was sent: nothing is lost, nothing doubled."""
    handed_in = VisitReport.objects.filter(status=VisitReport.Status.SUBMITTED).count()
    photos = Attachment.objects.count()
    files = sum(path.is_file() for path in Path(settings.MEDIA_ROOT).rglob("*"))
    told = Event.objects.filter(type="visit_report.submitted").count()
    for what, number in (("reports", handed_in), ("photos", photos), ("files", files), ("events", told)):
        yield Figure(f"  {what}", number, "", str(phones), number == phones)


def _days(tenant: Tenant) -> Iterator[Figure]:
    """Time what a day's page reads, for days all over the table."""
    chosen = random.Random(7)
    people = list(Employee.objects.filter(tenant=tenant).order_by("id"))
    today = datetime.now(UTC).date()
    times = []
    for _ in range(200):
        who, day = chosen.choice(people), today - timedelta(days=chosen.randrange(1, _DAYS))
        started = time.perf_counter()
        stops_of_day(who, day), owed_before(who, day)
        times.append((time.perf_counter() - started) * 1000)
    p95 = quantiles(times, n=100)[94]
    stored = Appointment.objects.count()
    yield Figure("visits stored", stored, "", f"≥ {STORED:,}", stored >= STORED)
    yield Figure("  a day and what is owed: p95", p95, "ms", "≤ 30 ms", p95 <= 30)
    plan = _plan(people[0], today)
    yield Figure("  found by its index", plan, "", "1", plan == 1)


def _plan(who: Employee, day: date) -> bool:
    rows = Appointment.objects.filter(tenant=who.tenant, employee=who, day=day).order_by("sequence")
    with connection.cursor() as cursor:
        sql, parameters = rows.query.sql_with_params()
        cursor.execute(f"EXPLAIN {sql}", parameters)
        told = "\n".join(line for (line,) in cursor.fetchall())
    return "appointment_of_a_day" in told and "Seq Scan" not in told


def _photo(seed: int) -> bytes:
    """Return what a phone makes of a photo: 1,600 by 1,200 pixels, some 300 kB."""
    noise = random.Random(seed).randbytes(200 * 150 * 3)
    image = Image.frombytes("RGB", (200, 150), noise).resize((1600, 1200), Image.Resampling.BICUBIC)
    written = io.BytesIO()
    image.save(written, format="JPEG", quality=80)
    return written.getvalue()
