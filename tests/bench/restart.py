"""How long a second `make run` takes until the product is healthy."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

from tests.bench.figures import Figure
from tests.bench.load import HOST
from tests.bench.server import free_port

_PROJECT = Path(__file__).resolve().parents[2]
_LEFT_OUT = shutil.ignore_patterns(".venv", ".local", ".git", ".*_cache", "__pycache__")
_SUPERVISOR = [sys.executable, "-m", "ordinavo.local"]


def measure() -> Iterator[Figure]:
    """Run the product twice in a copy of the checkout, and time the second start."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "ordinavo"
        shutil.copytree(_PROJECT, copy, ignore=_LEFT_OUT)
        try:
            first, second = _seconds_to_healthy(copy), _seconds_to_healthy(copy)
        finally:
            subprocess.run([*_SUPERVISOR, "clean"], cwd=copy, check=True, capture_output=True)
    yield Figure("first start, with an empty database", first, "s", "(for comparison)", good=True)
    yield Figure("second start until healthy", second, "s", "≤ 10 s", second <= 10)


def _seconds_to_healthy(copy: Path) -> float:
    port = free_port()
    plain = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    started = time.perf_counter()
    with subprocess.Popen(
        [*_SUPERVISOR, "run"], cwd=copy, env={**plain, "PORT": str(port)}, stdout=subprocess.DEVNULL
    ) as process:
        while not _healthy(port):
            if process.poll() is not None or time.perf_counter() - started > 120:
                raise RuntimeError("The product did not become healthy.")
            time.sleep(0.05)
        spent = time.perf_counter() - started
        process.send_signal(signal.SIGTERM)
    return spent


def _healthy(port: int) -> bool:
    connection = HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
