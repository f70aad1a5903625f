"""Single imports: throughput against an endpoint that does nothing, and races."""

import json
from collections.abc import Iterator
from itertools import count
from statistics import median
from typing import Any

from customers.models import Contact, Customer, Location
from targets.imports.api.schema.operations import EXAMPLES
from targets.imports.models import ImportJob
from targets.models import Target
from tests.bench.figures import Figure
from tests.bench.load import Block, interleaved, request_bytes, send_all
from tests.bench.server import Server, refresh_statistics

_FULL = json.loads((EXAMPLES / "inbound-target-with-customer.json").read_text())
_IMPORT = "/api/connect/v1/inbound/targets"
_NOTHING = "/api/connect/v1/integration/health"
_LANES, _REQUESTS, _ROUNDS = 4, 250, 7
_numbers = count(1)


def measure(server: Server) -> Iterator[Figure]:
    """Yield the figures of single imports."""
    send_all(server.port, _known(server, lanes=2, requests=100))
    refresh_statistics()
    blocks = interleaved(
        _ROUNDS,
        nothing=lambda: send_all(server.port, _lanes([_nothing(server)] * _LANES * _REQUESTS)),
        known=lambda: send_all(server.port, _known(server, lanes=_LANES, requests=_REQUESTS)),
        new=lambda: send_all(server.port, _lanes([_new(server) for _ in range(_LANES * _REQUESTS)])),
    )
    _expect(blocks, nothing=200, known=202, new=202)
    yield from _throughput(blocks)
    yield from _races(server)


def _throughput(blocks: dict[str, list[Block]]) -> Iterator[Figure]:
    rates = {name: median(block.rate for block in taken) for name, taken in blocks.items()}
    shares = [
        100 * known.rate / nothing.rate
        for known, nothing in zip(blocks["known"], blocks["nothing"], strict=True)
    ]
    p50 = median(block.p50 for block in blocks["known"])
    yield Figure("endpoint that does nothing", rates["nothing"], "/s", "(compared with)", good=True)
    yield Figure(
        "import, known customer, no change in mapping", rates["known"], "/s", "(see share)", good=True
    )
    yield Figure("its share of the endpoint", median(shares), "%", "≥ 10 %, aim 14 %", median(shares) >= 10)
    yield Figure("its p50 at concurrency 4", p50, "ms", "≤ 15 ms", p50 <= 15)
    yield Figure("import, everything new", rates["new"], "/s", "(for comparison)", good=True)


def _races(server: Server) -> Iterator[Figure]:
    jobs = ImportJob.objects.count()
    request = _request(server, {**_FULL, "externalId": "EQUAL"}, Idempotency_Key="equal")
    block = send_all(server.port, [[request]] * 20)
    made, faults = ImportJob.objects.count() - jobs, sum(status >= 500 for status in block.statuses)
    yield Figure("20 equal requests with one key: imports", made, "", "1", made == 1)
    yield Figure("20 equal requests with one key: 5xx", faults, "", "0", faults == 0)
    before = _stored()
    lanes = [[_request(server, _renamed("RACE", f"RACE-{number}"))] for number in range(50)]
    block = send_all(server.port, lanes)
    grown = [now - then for now, then in zip(_stored(), before, strict=True)]
    faults = sum(status != 202 for status in block.statuses)
    yield Figure("50 imports of one new customer: other than 202", faults, "", "0", faults == 0)
    for name, number, wanted in zip(
        ("customers", "locations", "contacts", "targets"), grown, (1, 1, 1, 50), strict=True
    ):
        yield Figure(f"50 imports of one new customer: {name}", number, "", str(wanted), number == wanted)


def _stored() -> list[int]:
    return [model.objects.count() for model in (Customer, Location, Contact, Target)]


def _expect(blocks: dict[str, list[Block]], **wanted: int) -> None:
    for name, status in wanted.items():
        seen = {seen for block in blocks[name] for seen in block.statuses}
        if seen != {status}:
            raise RuntimeError(f"{name}: expected {status} only, got {sorted(seen)}.")


def _nothing(server: Server) -> bytes:
    return request_bytes("GET", _NOTHING, server.key)


def _request(server: Server, body: dict[str, Any], **headers: str) -> bytes:
    return request_bytes("POST", _IMPORT, server.key, json.dumps(body).encode(), **headers)


def _known(server: Server, *, lanes: int, requests: int) -> list[list[bytes]]:
    """Full context of a known customer: each request changes a title, nothing in the mapping."""
    bodies = (
        {**_FULL, "externalId": f"KNOWN-{number % 50}", "title": f"Visit {next(_numbers)}"}
        for number in range(lanes * requests)
    )
    keyed = [_request(server, body, Idempotency_Key=f"known-{next(_numbers)}") for body in bodies]
    return _lanes(keyed, lanes)


def _renamed(mark: str, external_id: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(json.dumps(_FULL))
    body["externalId"] = external_id
    body["customer"] |= {"externalId": f"CUST-{mark}", "customerNumber": f"NO-{mark}"}
    body["location"]["externalId"] = f"LOC-{mark}"
    body["contact"]["externalId"] = f"CONT-{mark}"
    return body


def _new(server: Server) -> bytes:
    mark = str(next(_numbers))
    return _request(server, _renamed(mark, f"NEW-{mark}"), Idempotency_Key=f"new-{mark}")


def _lanes(requests: list[bytes], lanes: int = _LANES) -> list[list[bytes]]:
    return [requests[lane::lanes] for lane in range(lanes)]
