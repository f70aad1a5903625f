"""What the tests of the supervisor share. None of them needs the database or the broker of the suite."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from ordinavo.local.crew import Crew
from ordinavo.local.servant import outside
from tests.local.processes import SUPERVISOR, sleeper

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def idle() -> Iterator[subprocess.Popen[bytes]]:
    """A living process that is none of the supervisor's business."""
    process = sleeper()
    yield process
    process.kill()
    process.wait()


@pytest.fixture
def said() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def crew(tmp_path: Path, said: list[tuple[str, str]]) -> Iterator[Crew]:
    with Crew(tmp_path / "session", lambda name, line: said.append((name, line))) as crew:
        yield crew


@pytest.fixture
def plain_environment() -> dict[str, str]:
    """The environment of a user who has set nothing; the suite's own servers are not in it."""
    return {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Path]:
    """A checkout that nobody but its owner may enter."""
    root = tmp_path / "closed"
    (root / ".local").mkdir(parents=True)
    root.chmod(0o700)
    yield root
    shutil.rmtree(outside(root), ignore_errors=True)


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the project, so that a `make run` beside the tests is not disturbed."""
    copy = tmp_path_factory.mktemp("checkout") / "ordinavo-connect"
    leave = shutil.ignore_patterns(".venv", ".local", ".git", ".*_cache", "__pycache__", "tests")
    shutil.copytree(PROJECT, copy, ignore=leave)
    yield copy
    subprocess.run([*SUPERVISOR, "clean"], cwd=copy, check=True)
