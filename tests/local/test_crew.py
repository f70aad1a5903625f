"""The crew hears its children, ends them in order and keeps them complete."""

import os
import signal
import sys
from pathlib import Path

import pytest

from ordinavo.local import pidfile
from ordinavo.local.children import Spec
from ordinavo.local.crew import Crew
from ordinavo.local.keeper import Keeper, next_delay
from ordinavo.local.refusal import Failure, Stopped
from tests.local.processes import STUBBORN, is_alive, until

Said = list[tuple[str, str]]


def _sh(name: str, script: str, tmp_path: Path, *, patience: float = 10.0) -> Spec:
    env = {"PATH": os.environ["PATH"]}
    return Spec(name=name, command=["sh", "-c", script], env=env, cwd=tmp_path, patience=patience)


def test_lines_come_with_the_name_of_who_said_them(crew: Crew, said: Said, tmp_path: Path) -> None:
    code = crew.wait(crew.start(_sh("web", "echo one; echo two >&2; exit 3", tmp_path)))
    assert (code, said) == (3, [("web", "one"), ("web", "two")])


def test_a_childs_pid_file_lives_as_long_as_the_child(crew: Crew, tmp_path: Path) -> None:
    child = crew.start(_sh("web", "sleep 60", tmp_path))
    mark = pidfile.read(crew.session / "web.json")
    assert mark is not None
    assert (mark.pid, pidfile.lives(mark)) == (child.process.pid, True)
    crew.stop(child)
    assert ((crew.session / "web.json").exists(), is_alive(mark.pid)) == (False, False)


def test_children_end_in_the_reverse_order_of_their_start(crew: Crew, said: Said, tmp_path: Path) -> None:
    for name in ("postgres", "web"):
        crew.start(_sh(name, "trap 'echo bye; exit' TERM; echo up; while :; do sleep 0.05; done", tmp_path))
    while len(said) < 2:
        crew.pump(1)
    crew.stop_all()
    assert said[2:] == [("web", "bye"), ("postgres", "bye")]
    assert crew.children == {}


def test_a_child_that_ignores_sigterm_is_killed_with_its_group(
    crew: Crew, said: Said, tmp_path: Path
) -> None:
    script = f'sleep 60 & echo $!; exec {sys.executable} -c "{STUBBORN}"'
    child = crew.start(_sh("worker", script, tmp_path, patience=0.2))
    while len(said) < 2:
        crew.pump(1)
    crew.stop(child)
    assert until(lambda: not is_alive(int(said[0][1])))
    assert not is_alive(child.process.pid)


def test_what_a_dead_leader_left_in_its_group_is_ended(crew: Crew, said: Said, tmp_path: Path) -> None:
    assert crew.wait(crew.start(_sh("worker", "sleep 60 & echo $!", tmp_path))) == 0
    assert until(lambda: not is_alive(int(said[0][1])))


def test_a_child_that_dies_while_it_is_awaited_is_a_failure_with_its_last_words(
    crew: Crew, tmp_path: Path
) -> None:
    crew.start(_sh("web", "echo no such module; exit 3", tmp_path))
    with pytest.raises(Failure, match=r"^web ended before all was up\. It said:\nno such module$"):
        crew.wait_until(lambda: False, seconds=10, what="all was up")


def test_waiting_has_an_end(crew: Crew) -> None:
    with pytest.raises(Failure, match=r"^Waited 0\.1 s and still not: all was up\.$"):
        crew.wait_until(lambda: False, seconds=0.1, what="all was up")


def test_a_signal_ends_the_waiting(crew: Crew, tmp_path: Path) -> None:
    child = crew.start(_sh("web", "sleep 60", tmp_path))
    os.kill(os.getpid(), signal.SIGTERM)
    with pytest.raises(Stopped):
        crew.wait(child)


def test_a_crew_gives_back_the_signals_it_took(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGTERM)
    with Crew(tmp_path, lambda *_: None):
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_child_that_dies_is_started_again_in_its_old_place(crew: Crew, said: Said, tmp_path: Path) -> None:
    keeper = Keeper(crew)
    for name in ("worker", "web"):
        crew.start(_sh(name, "sleep 60", tmp_path))
    first = crew.children["worker"].process.pid
    os.kill(first, signal.SIGKILL)
    assert until(crew.children["worker"].has_ended)
    keeper.round()
    assert said == [("ordinavo", "worker ended unexpectedly (exit code -9); again in 1 s")]
    while crew.children["worker"].has_ended():
        keeper.round()
        crew.pump(0.1)
    assert crew.children["worker"].process.pid != first
    assert list(crew.children) == ["worker", "web"]


def test_a_child_that_keeps_dying_is_started_ever_later() -> None:
    delays = [0.0]
    for _ in range(7):
        delays.append(next_delay(delays[-1], lived=2.0))
    assert delays == [0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]
    assert next_delay(30.0, lived=60.0) == 1.0
