"""Sessions clean up after dead owners and leave living ones alone."""

import os
import subprocess
from pathlib import Path

import pytest

from ordinavo.local import pidfile, sessions
from ordinavo.local.refusal import Refusal
from tests.local.processes import is_alive, sleeper


def test_a_session_leaves_nothing_behind(tmp_path: Path) -> None:
    with sessions.session(tmp_path, "run") as (pids, burrow):
        assert (pids, pids.is_dir()) == (tmp_path / "sessions" / "run", True)
        assert (burrow.stat().st_mode & 0o777, len(str(burrow)) < 40) == (0o700, True)
    assert (pids.exists(), burrow.exists()) == (False, False)


def test_what_a_dead_owner_left_is_ended_and_removed(tmp_path: Path) -> None:
    burrow = _left_by_a_dead_owner(tmp_path, owner=_dead())
    web, postgres = sleeper(), sleeper()
    pidfile.write(tmp_path / "sessions" / "old", "web", web.pid)
    pidfile.write(tmp_path / "sessions" / "old", "postgres", postgres.pid, stop="SIGINT")
    assert sessions.sweep(tmp_path) == ["web", "postgres"]
    assert (web.wait(), postgres.wait()) == (-15, -2)
    assert (list((tmp_path / "sessions").iterdir()), burrow.exists()) == ([], False)


def test_a_session_is_never_seen_without_its_owner(tmp_path: Path) -> None:
    with sessions.session(tmp_path, "busy") as (pids, _):
        assert [path.name for path in pids.iterdir()] == ["owner.json"]
        assert sessions.every(tmp_path) == [pids]


def test_what_a_living_owner_runs_is_left_alone(tmp_path: Path, idle: subprocess.Popen[bytes]) -> None:
    with sessions.session(tmp_path, "busy") as (pids, burrow):
        pidfile.write(pids, "web", idle.pid)
        assert sessions.sweep(tmp_path) == []
        assert (is_alive(idle.pid), pids.is_dir(), burrow.is_dir()) == (True, True, True)


def test_a_folder_that_is_not_ours_is_never_removed(tmp_path: Path) -> None:
    precious = tmp_path / "ordinavo-precious"
    precious.mkdir()
    pidfile.write(tmp_path / "sessions" / "old", sessions.OWNER, _dead(), folder=str(precious))
    sessions.sweep(tmp_path)
    assert (precious.is_dir(), (tmp_path / "sessions" / "old").exists()) == (True, False)


def test_a_second_run_in_one_checkout_is_refused_while_the_first_lives(tmp_path: Path) -> None:
    with sessions.only_run(tmp_path), sessions.session(tmp_path, "run"):
        with pytest.raises(Refusal) as refused, sessions.only_run(tmp_path):
            pass
        assert str(refused.value) == (
            f"Ordinavo already runs from this folder (process {os.getpid()}): stop that one first."
        )
    with sessions.only_run(tmp_path):
        pass


def _dead() -> int:
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid


def _left_by_a_dead_owner(local: Path, *, owner: int) -> Path:
    with sessions.session(local, "made") as (_, burrow):
        pass
    burrow.mkdir()
    pidfile.write(local / "sessions" / "old", sessions.OWNER, owner, folder=str(burrow))
    return burrow
