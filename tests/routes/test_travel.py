"""Travel times from a routing server, and from distances where it is away, slow, or talks nonsense."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pytest_django import Settings

from ordinavo.kernel.redis import client as redis_client
from ordinavo.tenants.models import Tenant
from targets.routes.planning.problem import UNREACHABLE, Place
from targets.routes.planning.travel.great_circle import great_circle
from targets.routes.services.editing import Edit, leave_out, place_target
from targets.routes.solving.travel import travel_between
from tests.routes.rows import drafted, fresh, route_of, stops_of, targets
from tests.visits.rows import employee

PLACES = [Place(51.0 + number / 100, 7.0 + number / 50) for number in range(60)]

Answering = Callable[[str, bytes], tuple[int, str]]


class RoutingServer:
    """A server on this machine that answers as it is told; `asked` are its questions."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answer: Answering = osrm
        served = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._serve(b"")

            def do_POST(self) -> None:
                self._serve(self.rfile.read(int(self.headers["Content-Length"])))

            def _serve(self, body: bytes) -> None:
                served.asked.append(self.path)
                status, text = served.answer(self.path, body)
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_: Any) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        threading.Thread(target=self.http.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http.server_port}"


def osrm(path: str, body: bytes) -> tuple[int, str]:
    """Seconds are ten thousand times the difference of latitudes, meters twenty times that."""
    parts = urlsplit(path)
    points = [tuple(map(float, point.split(","))) for point in parts.path.rsplit("/", 1)[1].split(";")]
    query = parse_qs(parts.query)
    rows, columns = ([int(i) for i in query[name][0].split(";")] for name in ("sources", "destinations"))
    seconds = [[abs(points[i][1] - points[j][1]) * 10_000 for j in columns] for i in rows]
    meters = [[value * 20 for value in row] for row in seconds]
    return 200, json.dumps({"code": "Ok", "durations": seconds, "distances": meters})


def valhalla(path: str, body: bytes) -> tuple[int, str]:
    """The same in its words."""
    told = json.loads(body)
    table = [
        [
            {
                "from_index": row,
                "to_index": column,
                "time": round(abs(a["lat"] - b["lat"]) * 10_000),
                "distance": round(abs(a["lat"] - b["lat"]) * 200, 3),
            }
            for column, b in enumerate(told["targets"])
        ]
        for row, a in enumerate(told["sources"])
    ]
    said = {"algorithm": "costmatrix", "units": "kilometers", "sources": [told["sources"]]}
    return 200, json.dumps({**said, "sources_to_targets": table})


def in_miles(path: str, body: bytes) -> tuple[int, str]:
    """As a server that does not care for the units it was asked for."""
    told = json.loads(valhalla(path, body)[1])
    for way in (way for row in told["sources_to_targets"] for way in row):
        way["distance"] /= 1.609344
    return 200, json.dumps({**told, "units": "miles"})


def _slow(path: str, body: bytes) -> tuple[int, str]:
    time.sleep(2)
    return osrm(path, body)


@pytest.fixture
def server(settings: Settings) -> Iterator[RoutingServer]:
    """A server that the settings name."""
    running = RoutingServer()
    settings.ROUTING_URL, settings.ROUTING_TIMEOUT_SECONDS = running.url, 5
    yield running
    running.http.shutdown()
    running.http.server_close()


@pytest.mark.parametrize(
    ("kind", "answer", "questions"), [("osrm", osrm, 9), ("valhalla", valhalla, 4), ("valhalla", in_miles, 4)]
)
def test_a_server_is_asked_in_blocks_and_believed(
    server: RoutingServer, settings: Settings, kind: str, answer: Answering, questions: int
) -> None:
    settings.ROUTING_KIND, server.answer = kind, answer
    matrix, source = travel_between(PLACES)
    assert (source, len(server.asked)) == (kind, questions)
    assert [matrix.rows[0][n] for n in (0, 1, 59)] == [0, 100, 5900]
    assert matrix.rows[59][30] == 2900
    assert int(matrix.meters[0, 59]) == 118_000


def test_ways_that_do_not_exist_are_unreachable(server: RoutingServer) -> None:
    def island(path: str, body: bytes) -> tuple[int, str]:
        told = json.loads(osrm(path, body)[1])
        told["durations"][0][1] = told["distances"][0][1] = None
        return 200, json.dumps(told)

    server.answer = island
    matrix, source = travel_between(PLACES[:3])
    assert source == "osrm"
    assert (matrix.rows[0][1], matrix.rows[1][0]) == (UNREACHABLE, 100)


def test_what_was_asked_once_is_kept_for_a_day(server: RoutingServer) -> None:
    first, _ = travel_between(PLACES[:3])
    server.answer = _says("", 503)
    again, source = travel_between(PLACES[:3])
    assert (again.rows, again.meters.tolist(), source) == (first.rows, first.meters.tolist(), "osrm")
    assert len(server.asked) == 1
    [key] = redis_client().keys("routes:travel:*")
    assert 86_000 < redis_client().ttl(key) <= 86_400
    assert travel_between(PLACES[1:3])[1] == "distances (osrm: status 503)"


def test_nothing_that_failed_is_kept(server: RoutingServer) -> None:
    server.answer = _says("", 503)
    travel_between(PLACES[:3])
    server.answer = osrm
    assert travel_between(PLACES[:3])[1] == "osrm"


def _says(text: str, status: int = 200) -> Answering:
    return lambda *_: (status, text)


def _table(seconds: Any) -> Answering:
    return _says(json.dumps({"code": "Ok", "durations": seconds, "distances": [[0, 1], [1, 0]]}))


def _times(time: float, way: float) -> Answering:
    """As the server says, times so much."""

    def answer(path: str, body: bytes) -> tuple[int, str]:
        told = json.loads(osrm(path, body)[1])
        told["durations"] = [[value * time for value in row] for row in told["durations"]]
        told["distances"] = [[value * way for value in row] for row in told["distances"]]
        return 200, json.dumps(told)

    return answer


BAD: dict[str, tuple[Answering, str]] = {
    "an error": (_says("{}", 500), "status 500"),
    "a redirect": (_says("", 302), "redirect"),
    "no JSON": (_says("<html>"), "no table in the answer"),
    "another shape": (_says("[]"), "no table in the answer"),
    "a refusal": (_says('{"code": "TooBig"}'), "the server refused the question"),
    "a partial table": (_table([[0, 1]]), "the table has another size than asked for"),
    "a ragged table": (_table([[0, 1], [1]]), "the table has another size than asked for"),
    "a negative time": (_table([[0, -1], [1, 0]]), "a value of the table is no number"),
    "a text for a time": (_table([[0, "1"], [1, 0]]), "a value of the table is no number"),
    "no number at all": (
        _says('{"code": "Ok", "durations": [[0, NaN], [1, 0]], "distances": [[0, 1], [1, 0]]}'),
        "a value of the table is no number",
    ),
    "kilometers for meters": (_times(1, 0.001), "distances that are too short"),
    "hours for seconds": (_times(1 / 3600, 1), "travel times that cannot be"),
    "milliseconds for seconds": (_times(1000, 1), "travel times that cannot be"),
    "no ways at all": (_table([[0, None], [None, 0]]), "no way between any two places"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_server_that_talks_nonsense_is_done_without_and_that_is_said(
    server: RoutingServer, case: str
) -> None:
    server.answer, reason = BAD[case]
    matrix, source = travel_between(PLACES[:2])
    assert source == f"distances (osrm: {reason})"[:64]
    assert matrix.rows == great_circle(PLACES[:2]).rows


def test_a_slow_server_is_done_without(server: RoutingServer, settings: Settings) -> None:
    settings.ROUTING_TIMEOUT_SECONDS = 0.3
    server.answer = _slow
    begun = time.monotonic()
    _, source = travel_between(PLACES)
    assert source in {"distances (osrm: no answer in time)", "distances (osrm: timeout)"}
    assert time.monotonic() - begun < 1.5


def test_a_server_that_is_away_is_done_without(server: RoutingServer) -> None:
    server.http.shutdown()
    server.http.server_close()
    assert travel_between(PLACES)[1] == "distances (osrm: connection refused)"


def test_without_a_server_nobody_is_asked() -> None:
    assert travel_between(PLACES)[1] == "distances"


@pytest.mark.django_db
def test_a_draft_says_where_its_travel_times_came_from(server: RoutingServer, tenant: Tenant) -> None:
    employee(tenant)
    draft = drafted(tenant, targets(tenant, 2))
    assert draft.travel_source == "osrm"
    server.answer = _says("", 503)
    fallen_back = drafted(tenant, targets(tenant, 2))
    assert (fallen_back.status, fallen_back.travel_source) == ("Draft", "distances (osrm: status 503)")
    assert route_of(fallen_back).distance_meters > 0


@pytest.mark.django_db
def test_an_edit_that_had_to_do_without_the_server_says_so(server: RoutingServer, tenant: Tenant) -> None:
    person = employee(tenant)
    draft = drafted(tenant, targets(tenant, 3))
    first, second, third = (stop.target_id for stop in stops_of(draft))
    leave_out(edit=Edit(draft, draft.revision, None), target_id=third)
    assert fresh(draft).travel_source == "osrm"
    server.answer = _says("", 503)
    leave_out(edit=Edit(draft, draft.revision + 1, None), target_id=second)
    assert fresh(draft).travel_source == "distances (osrm: status 503)"
    server.answer = osrm
    place_target(edit=Edit(draft, draft.revision + 2, None), target_id=first, employee_id=person.pk)
    # What was laid out without it is still there.
    assert fresh(draft).travel_source == "distances (osrm: status 503)"
