"""MyDay through the web server with a million visits stored: a full day, and a stop with a long past."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from statistics import median, quantiles

from customers.models import Customer, Location
from customers.services.records import with_keys
from integrations.models import IntegrationClient
from targets.models import Target
from targets.visits.models import Appointment, Employee
from targets.visits.pages.access import COOKIE
from targets.visits.selectors.days import zone_of
from targets.visits.services.devices import sign_in
from tests.bench import crew
from tests.bench.field import PHONES, STORED
from tests.bench.figures import Figure
from tests.bench.load import HOST
from tests.bench.server import Server, refresh_statistics

_STOPS, _TURNS = 12, 60
_MOST_MS = 60.0


def measure(server: Server) -> Iterator[Figure]:
    """Yield how long the server takes for the pages that an employee sees most."""
    employee = _somebody(server.client)
    stops = _full_day(server.client, employee)
    refresh_statistics()
    _, secret = sign_in(employee=employee, name="Phone")
    yield Figure("visits stored", Appointment.objects.count(), "", f"≥ {STORED:,}", _enough())
    for what, path in (
        (f"a day of {_STOPS} stops", "/myday/"),
        ("a stop, visited 2,000 times before", f"/myday/stops/{stops[0].pk}/"),
    ):
        yield from _page(server.port, what, path, secret)


def _somebody(client: IntegrationClient) -> Employee:
    """Return one of a crew with a million visits behind it, which the part before may have hired already."""
    crew_of = Employee.objects.filter(tenant=client.tenant, name__startswith="Crew ").order_by("id")
    if not crew_of.exists():
        people = [stop.employee for stop in crew.hire(client, PHONES)]
        crew.remember(client.tenant, people, STORED)
    found = crew_of.select_related("tenant", "user").first()
    assert found is not None
    return found


def _full_day(client: IntegrationClient, employee: Employee) -> list[Appointment]:
    visited = Target.objects.filter(tenant=client.tenant, external_id="FIELD-0").get()
    customer = with_keys(Customer(tenant=client.tenant, name="Bakery"))
    customer.save()
    location = with_keys(Location(tenant=client.tenant, customer=customer, name="Shop", city="Essen"))
    location.save()
    Target.objects.filter(pk=visited.pk).update(customer=customer, location=location)
    now, zone = datetime.now(UTC), zone_of(employee, client.tenant)
    targets = Target.objects.bulk_create(
        Target(
            tenant=client.tenant,
            source_system=client.source_system,
            title=f"Stop {number}",
            status="Scheduled",
            priority="High",
            customer=customer,
            location=location,
        )
        for number in range(_STOPS)
    )
    return Appointment.objects.bulk_create(
        Appointment(
            tenant=client.tenant,
            target=target,
            employee=employee,
            day=now.astimezone(zone).date(),
            sequence=number + 2,
            planned_start=now + timedelta(minutes=30 * number),
            planned_end=now + timedelta(minutes=30 * number + 20),
            target_revision=1,
        )
        for number, target in enumerate(targets)
    )


def _page(port: int, what: str, path: str, secret: str) -> Iterator[Figure]:
    times, size = [], 0
    line = HTTPConnection(HOST, port, timeout=60)
    for _ in range(_TURNS):
        started = time.perf_counter()
        line.request("GET", path, headers={"Cookie": f"{COOKIE}={secret}", "Accept-Language": "de"})
        answer = line.getresponse()
        size = len(answer.read())
        times.append((time.perf_counter() - started) * 1000)
        if answer.status != 200:
            raise RuntimeError(f"{path} was answered with {answer.status}.")
    line.close()
    p95 = quantiles(times, n=20)[18]
    yield Figure(f"  {what}: median", median(times), "ms", f"≤ {_MOST_MS:.0f} ms", median(times) <= _MOST_MS)
    yield Figure(f"  {what}: p95", p95, "ms", "(for comparison)", good=True)
    yield Figure(f"  {what}: page", size / 1000, "kB", "(for comparison)", good=True)


def _enough() -> bool:
    return Appointment.objects.count() >= STORED
