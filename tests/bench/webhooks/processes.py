"""The product's own processes, started as `make run` starts them."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ordinavo.local.run import processes

_ROOT = Path(__file__).resolve().parents[3]
DISPATCHER = "webhooks"


@contextmanager
def running(*names: str, **variables: str) -> Iterator[dict[str, int]]:
    """Start the named processes with these variables, and end them; yields their ids by name."""
    environment = {
        **os.environ,
        "LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "ordinavo.settings",
        **variables,
    }
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        known = {spec.name: spec for spec in processes(_ROOT, Path(folder), environment)}
        ids = {}
        for name in names:
            spec = known[name]
            process = subprocess.Popen(
                spec.command,
                env=spec.env,
                cwd=spec.cwd,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            stack.callback(process.wait)
            stack.callback(process.terminate)
            ids[name] = process.pid
        yield ids
