"""An outside system that sends batches over HTTP, and what must be stored when all is over."""

import http.client
import json
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

from customers.models import Customer, ExternalReference, Location, TimelineEntry
from targets.imports.models import ImportItem, ImportJob
from targets.models import Target
from tests import factories
from tests.api import BASE
from tests.bench.load import HOST

BATCH = f"{BASE}/inbound/targets/batch"
# So many targets share a customer and a location.
_SHARED_BY = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and after how many seconds."""

    status: int
    headers: dict[str, str]
    body: Any
    seconds: float

    @property
    def job_id(self) -> int:
        assert self.status == 202, self.body
        return int(self.body["importJobId"])


class Erp:
    """The system of a new tenant, which no other test knows."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.tenant = factories.tenant()
        client = factories.client(self.tenant, **factories.ALL_SWITCHES, requests_per_minute=10**6)
        self.secret = factories.key(client)[1]

    def send(self, count: int, *, title: str = "Visit", timeout: float = 60, **headers: str) -> Answer:
        """Send a batch of so many targets, always the same ones."""
        return self.exchange("POST", BATCH, batch(count, title), timeout=timeout, **headers)

    def get(self, path: str) -> Answer:
        """GET any path of the server."""
        return self.exchange("GET", path, b"")

    def exchange(self, method: str, path: str, body: bytes, *, timeout: float = 60, **headers: str) -> Answer:
        link = http.client.HTTPConnection(HOST, self.port, timeout=timeout)
        started = time.monotonic()
        try:
            link.request(method, path, body, self.headers(**headers))
            answer = link.getresponse()
            told = json.loads(answer.read())
            return Answer(answer.status, dict(answer.headers), told, time.monotonic() - started)
        finally:
            link.close()

    def headers(self, **more: str) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in more.items()}
        return {"Authorization": f"Bearer {self.secret}", "Content-Type": "application/json", **named}

    def assert_created_once(self, *, jobs: int, count: int) -> None:
        """So many targets came new, spread over so many jobs; everything about them was done exactly once."""
        self._assert_jobs(jobs, count, result="created")
        shared = -(-count // _SHARED_BY)
        assert self.revisions() == {1: count}
        assert Customer.objects.filter(tenant=self.tenant).count() == shared
        assert Location.objects.filter(tenant=self.tenant).count() == shared
        assert ExternalReference.objects.filter(tenant=self.tenant).count() == 2 * shared
        assert self._lines() == {"target.created": count, **self._births(shared)}

    def assert_updated_once(self, *, count: int) -> None:
        """So many targets came new with one job and changed with a second one, each of them once."""
        self._assert_jobs(1, count, result="updated")
        shared = -(-count // _SHARED_BY)
        assert self.revisions() == {2: count}
        assert Customer.objects.filter(tenant=self.tenant).count() == shared
        told = {"target.created": count, "target.updated": count, **self._births(shared)}
        assert self._lines() == told

    def revisions(self) -> dict[int, int]:
        """How many targets have which revision."""
        return Counter(Target.objects.filter(tenant=self.tenant).values_list("revision", flat=True))

    def titles(self) -> set[str]:
        """The titles of all targets."""
        return set(Target.objects.filter(tenant=self.tenant).values_list("title", flat=True))

    def _assert_jobs(self, jobs: int, count: int, *, result: str) -> None:
        done = list(ImportJob.objects.filter(tenant=self.tenant, **{f"{result}_items__gt": 0}))
        assert len(done) == jobs
        for job in done:
            assert (job.status, job.pending_items, job.finished_at is not None) == ("Completed", 0, True)
            assert getattr(job, f"{result}_items") == job.total_items
        items = ImportItem.objects.filter(job__in=done)
        assert set(items.values_list("status", "result")) == {("Imported", result.title())}
        assert items.count() == items.values("target").distinct().count() == count

    def _lines(self) -> dict[str, int]:
        return Counter(TimelineEntry.objects.filter(tenant=self.tenant).values_list("action", flat=True))

    def _births(self, shared: int) -> dict[str, int]:
        return {"customer.created": shared, "location.created": shared}


def batch(count: int, title: str = "Visit") -> bytes:
    """Return the body of a batch."""
    return json.dumps({"items": [_item(number, title) for number in range(count)]}).encode()


def _item(number: int, title: str) -> dict[str, Any]:
    place = number // _SHARED_BY
    return {
        "externalId": f"T-{number:05}",
        "title": f"{title} {number}",
        "customer": {"externalId": f"C-{place}", "customerNumber": f"N-{place}", "name": f"Customer {place}"},
        "location": {
            "externalId": f"L-{place}",
            "name": f"Branch {place}",
            "street": f"Hauptstr. {place}",
            "postalCode": "45127",
            "city": "Essen",
            "country": "DE",
        },
    }


def titles(title: str, numbers: range) -> set[str]:
    """The titles of these targets of a batch."""
    return {f"{title} {number}" for number in numbers}


def pending_of(job_id: int) -> int:
    """How many items of the job are left."""
    return ImportJob.objects.values_list("pending_items", flat=True).get(id=job_id)


def is_finished(job_id: int) -> bool:
    return ImportJob.objects.filter(id=job_id, finished_at__isnull=False).exists()
