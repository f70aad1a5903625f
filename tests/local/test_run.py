"""`run`, for real, in a copy of the checkout: from nothing to healthy, killed, healthy again, ended."""

import http.client
import json
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ordinavo.local import pidfile
from tests.local.processes import SUPERVISOR, belonging_to, is_alive, living_of, sleeper, until

pytestmark = pytest.mark.slow

Environment = dict[str, str]
_ALL = {"owner", "postgres", "valkey", "beat", "worker", "webhooks", "routes", "web"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _start(checkout: Path, env: Environment) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*SUPERVISOR, "run"],
        cwd=checkout,
        env=env,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def _until_ready(process: subprocess.Popen[str]) -> tuple[str, float]:
    """Read until the banner has been printed; return all that was said and the seconds it took."""
    said, started = "", time.monotonic()
    assert process.stdout is not None
    while "-d '" not in said:
        line = process.stdout.readline()
        assert line, said
        said += line
    return said, time.monotonic() - started


def _refused(checkout: Path, env: Environment) -> tuple[int, str]:
    done = subprocess.run(
        [*SUPERVISOR, "run"], cwd=checkout, env=env, text=True, capture_output=True, check=False, timeout=60
    )
    assert done.stdout == ""
    return done.returncode, done.stderr


def _status(port: int, path: str) -> int:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        link.request("GET", path)
        return link.getresponse().status
    finally:
        link.close()


def test_a_run_becomes_healthy_survives_being_killed_and_ends_without_a_trace(
    checkout: Path, plain_environment: Environment
) -> None:
    port = _free_port()
    env, local = plain_environment | {"PORT": str(port)}, checkout / ".local"
    run = local / "sessions" / "run"

    # An orphan of an earlier run is ended first.
    orphan = sleeper()
    pidfile.write(run, "web", orphan.pid)
    process = _start(checkout, env)
    said, _ = _until_ready(process)
    assert said.startswith("ordinavo | ended web, left over from a run that was killed\n")
    assert orphan.wait() == -signal.SIGTERM
    demo = json.loads((local / "demo.json").read_text())
    assert all(words in said for words in (f"http://127.0.0.1:{port}/admin/", demo["apiKey"], "curl -sS"))
    assert (_status(port, "/readyz"), _status(port, "/healthz")) == (200, 200)

    # A second terminal reaches the same servers, and only this user may read how.
    assert (local / "env.json").stat().st_mode & 0o777 == 0o600
    second = [sys.executable, "manage.py", "migrate", "--check"]
    assert subprocess.run(second, cwd=checkout, env=plain_environment, check=False).returncode == 0
    code, sentence = _refused(checkout, env)
    assert (code, sentence) == (
        2,
        f"Ordinavo already runs from this folder (process {process.pid}): stop that one first.\n",
    )

    # Killed without warning, it takes all its processes with it.
    started = living_of(run)
    assert set(started) == _ALL
    process.kill()
    process.communicate()
    assert until(lambda: not any(map(is_alive, started.values())), seconds=30)

    # The next start is quick, has the same data and ends without a trace.
    process = _start(checkout, env)
    said, seconds = _until_ready(process)
    assert (demo["apiKey"] in said, json.loads((local / "demo.json").read_text())) == (True, demo)
    assert seconds < 30
    pids, burrow = living_of(run), Path(json.loads((run / "owner.json").read_text())["folder"])
    process.terminate()
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert [name for name, pid in pids.items() if is_alive(pid)] == []
    assert (belonging_to(checkout), belonging_to(burrow)) == ([], [])
    assert (burrow.exists(), run.exists(), (local / "env.json").exists()) == (False, False, False)


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"PORT": "80 00"}, "PORT must be a whole number from 1 to 65535, not '80 00'.\n"),
        ({"HOST": "203.0.113.7"}, "HOST must be an address of this machine, not '203.0.113.7'.\n"),
        ({"HTTPS": "perhaps"}, "HTTPS must be 'yes' or 'no', not 'perhaps'.\n"),
    ],
)
def test_a_nonsense_variable_is_one_sentence(
    checkout: Path, plain_environment: Environment, variables: Environment, sentence: str
) -> None:
    env = plain_environment | {"PORT": str(_free_port())} | variables
    assert _refused(checkout, env) == (2, sentence)
    assert belonging_to(checkout) == []


def test_a_taken_port_is_one_sentence_and_whoever_has_it_keeps_it(
    checkout: Path, plain_environment: Environment
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, sentence = _refused(checkout, plain_environment | {"PORT": str(port)})
        assert taken.getsockname()[1] == port
    assert code == 2
    assert sentence == (
        f"Port {port} is taken: end what uses it, or choose another one with `make run PORT={port + 1}`.\n"
    )
