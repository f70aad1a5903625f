"""What a million stored deliveries cost: claiming, and the admin's list."""

import time
from collections.abc import Iterator, Mapping
from datetime import timedelta
from http.client import HTTPConnection
from os import environ
from statistics import median
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from ordinavo.tenants.models import User
from tests.bench.figures import Figure
from tests.bench.load import HOST
from tests.bench.server import free_port, refresh_statistics
from tests.bench.webhooks import ground
from tests.bench.webhooks.processes import running
from tests.bench.webhooks.receivers import wait_until
from webhooks.delivery.claim import claim, look, release
from webhooks.models import Delivery

_FEW, _MANY = 1_000, 1_000_000
_SUBSCRIPTIONS, _ROOM = 50, 10
_TURNS, _WARMING, _CLAIMS, _PAGES = 4, 12, 20, 15

_LIST = "/admin/webhooks/delivery/"


def measure() -> Iterator[Figure]:
    """Yield the figures of a full table. As many deliveries are open in both databases."""
    names = {number: f"stored_{number}" for number in (_FEW, _MANY)}
    home = connection.settings_dict["NAME"]
    try:
        for number, name in names.items():
            _make(name, number)
        spent = _claims(names)
        yield from _claiming(spent)
        _use(names[_MANY])
        yield from _listing(names[_MANY])
    finally:
        _use(home)


def _claiming(spent: Mapping[int, float]) -> Iterator[Figure]:
    for number, milliseconds in spent.items():
        yield Figure(f"claiming 500 of {number:,} stored", milliseconds, "ms", "(compare)", good=True)
    more = 100 * (spent[_MANY] / spent[_FEW] - 1)
    yield Figure("a million makes it slower by", more, "%", "≤ 25 %", more <= 25)


def _claims(names: Mapping[int, str]) -> dict[int, float]:
    """Return the median milliseconds of finding and claiming, in both databases by turns."""
    taken: dict[int, list[float]] = {number: [] for number in names}
    for _ in range(_TURNS):
        for number, name in names.items():
            _use(name)
            # A dispatcher's connection lives long: it has planned its statements, for any numbers at last.
            for _ in range(_WARMING):
                _claim_once()
            taken[number] += [_claim_once() for _ in range(_CLAIMS)]
    return {number: median(found) for number, found in taken.items()}


def _claim_once() -> float:
    now = timezone.now()
    started = time.perf_counter()
    rooms = {due.subscription_id: _ROOM for due in look()}
    claims = claim(rooms, now=now, lease=now + timedelta(seconds=30))
    spent = 1000 * (time.perf_counter() - started)
    if len(claims) != _SUBSCRIPTIONS * _ROOM:
        raise RuntimeError(f"{len(claims)} deliveries were claimed.")
    release(claims, now=now - timedelta(days=1))
    return spent


def _listing(name: str) -> Iterator[Figure]:
    port = free_port()
    url = urlsplit(environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    with running("web", HOST=HOST, PORT=str(port), DATABASE_URL=url):
        cookie = _logged_in()
        wait_until(lambda: _answers(port), seconds=20, what="the web server listens")
        for path, what in ((_LIST, "newest"), (f"{_LIST}?status__exact=Failed", "failed ones")):
            spent = [_page(port, path, cookie) for _ in range(_PAGES)]
            value = median(spent)
            yield Figure(f"admin's list of a million, {what}", value, "ms", "≤ 300 ms", value <= 300)


def _page(port: int, path: str, cookie: str) -> float:
    link = HTTPConnection(HOST, port, timeout=60)
    started = time.perf_counter()
    link.request("GET", path, headers={"Cookie": cookie})
    answer = link.getresponse()
    told = answer.read()
    spent = 1000 * (time.perf_counter() - started)
    if answer.status != 200 or b"del_" not in told:
        raise RuntimeError(f"{path} was answered with {answer.status}, or without deliveries.")
    return spent


def _answers(port: int) -> bool:
    try:
        HTTPConnection(HOST, port, timeout=1).connect()
    except OSError:
        return False
    return True


def _logged_in() -> str:
    client = Client()
    client.force_login(User.objects.create_superuser(email="bench@example.com", password="bench"))
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}"


def _make(name: str, number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name}")
    _use(name)
    call_command("migrate", verbosity=0)
    clients = ground.clients_told_at(["https://receiver.example.com/hook"] * _SUBSCRIPTIONS)
    ground.happen(clients, each=_FEW // _SUBSCRIPTIONS)
    Delivery.objects.update(due_at=timezone.now() - timedelta(days=1))
    if number > _FEW:
        _store_done(number - _FEW)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE webhooks_delivery")
    refresh_statistics()


def _store_done(number: int) -> None:
    """Store deliveries of the last month that are done, one in fifty of them in vain."""
    with transaction.atomic(), connection.cursor() as cursor:
        # The rows are copies of sound ones: their references need not be looked up a million times.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(_DONE, [number, number])


_DONE = """
INSERT INTO webhooks_delivery (id, tenant_id, client_id, subscription_id, event_id, event_type, status,
    attempt_count, due_at, by_hand, redelivery_of_id, created_at, finished_at)
SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || substr(md5(n::text), 1, 20))::uuid,
    known.tenant_id, known.client_id, known.subscription_id, known.event_id, known.event_type,
    CASE WHEN n %% 50 = 0 THEN 'Failed' ELSE 'Delivered' END, 1, NULL, false, NULL, at, at
FROM generate_series(1, %s) AS n
CROSS JOIN LATERAL (SELECT now() - interval '30 days' * n / %s AS at) AS time
JOIN (SELECT row_number() OVER () - 1 AS place, count(*) OVER () AS all_of_them, * FROM webhooks_delivery)
    AS known ON known.place = n %% known.all_of_them
"""


def _use(name: str) -> None:
    """Let this process speak to another database of the same server."""
    connection.close()
    connection.settings_dict["NAME"] = name
