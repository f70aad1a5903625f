"""Pid files know their process again and never mistake a stranger for it."""

import json
import os
import subprocess
from pathlib import Path

from ordinavo.local import pidfile
from tests.local.processes import is_alive, stubborn, until


def test_a_process_is_known_again_by_its_pid_file(tmp_path: Path, idle: subprocess.Popen[bytes]) -> None:
    pidfile.write(tmp_path, "web", idle.pid, stop="SIGINT", folder="/somewhere")
    mark = pidfile.read(tmp_path / "web.json")
    assert mark is not None
    assert (mark.name, mark.pid, mark.stop, mark.folder) == ("web", idle.pid, "SIGINT", "/somewhere")
    assert pidfile.lives(mark)


def test_a_stranger_with_the_pid_of_a_dead_child_is_left_alone(
    tmp_path: Path, idle: subprocess.Popen[bytes]
) -> None:
    pidfile.write(tmp_path, "web", idle.pid)
    path = tmp_path / "web.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"born": "another boot:1"}))
    mark = pidfile.read(path)
    assert mark is not None
    assert pidfile.end(mark, patience=0) is False
    assert idle.poll() is None


def test_two_processes_are_never_born_alike(idle: subprocess.Popen[bytes]) -> None:
    assert pidfile.birth(idle.pid) != pidfile.birth(os.getpid())
    assert pidfile.birth(os.getpid()) == pidfile.birth(os.getpid())


def test_a_zombie_counts_as_dead() -> None:
    process = subprocess.Popen(["true"])
    assert until(lambda: pidfile.birth(process.pid) is None)
    process.wait()


def test_a_process_that_is_asked_to_end_and_does_is_not_killed(idle: subprocess.Popen[bytes]) -> None:
    mark = pidfile.Mark(name="web", pid=idle.pid, born=pidfile.birth(idle.pid) or "")
    assert pidfile.end(mark, patience=10) is True
    assert idle.wait() == -15


def test_a_process_that_will_not_end_is_killed_after_its_patience() -> None:
    process = stubborn()
    mark = pidfile.Mark(name="web", pid=process.pid, born=pidfile.birth(process.pid) or "")
    assert pidfile.end(mark, patience=0.1) is True
    assert process.wait() == -9


def test_the_children_of_a_killed_leader_die_with_it() -> None:
    script = "trap '' TERM; sleep 60 & echo $!; wait; sleep 60"
    leader = subprocess.Popen(["sh", "-c", script], start_new_session=True, stdout=subprocess.PIPE)
    assert leader.stdout is not None
    child = int(leader.stdout.readline())
    leader.stdout.close()
    mark = pidfile.Mark(name="worker", pid=leader.pid, born=pidfile.birth(leader.pid) or "")
    pidfile.end(mark, patience=0.1)
    leader.wait()
    assert until(lambda: not is_alive(child))


def test_a_member_of_a_strangers_group_is_ended_without_that_group() -> None:
    process = stubborn(own_group=False)
    mark = pidfile.Mark(name="web", pid=process.pid, born=pidfile.birth(process.pid) or "")
    # It is in the group of this very test: killing the group would end the suite.
    assert pidfile.end(mark, patience=0.1) is True
    assert process.wait() == -9


def test_a_file_that_is_no_pid_file_names_nobody(tmp_path: Path) -> None:
    path = tmp_path / "web.json"
    for content in ("", "{", "[]", "12", '{"pid": 1}', '{"name": "web", "pid": 1, "born": "", "evil": 1}'):
        path.write_text(content)
        assert pidfile.read(path) is None
    assert pidfile.read(tmp_path / "none.json") is None
    assert pidfile.lives(None) is False
