"""`exec` gives a command servers of its own and leaves nothing of them behind."""

import os
import shlex
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ordinavo.local import sessions
from tests.local.processes import SUPERVISOR, belonging_to, is_alive, living_of, until

pytestmark = pytest.mark.slow

Environment = dict[str, str]
Begin = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def begin(checkout: Path, plain_environment: Environment) -> Iterator[Begin]:
    """Begin an `exec` of a shell script; whatever a failing test leaves running is ended."""
    begun: list[subprocess.Popen[str]] = []

    def start(script: str, **variables: str) -> subprocess.Popen[str]:
        command = [*SUPERVISOR, "exec", "--", "sh", "-c", script]
        env = plain_environment | variables
        begun.append(
            subprocess.Popen(
                command, cwd=checkout, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
        )
        return begun[-1]

    yield start
    for process in begun:
        process.terminate()
        process.wait(timeout=60)
        for pipe in filter(None, (process.stdout, process.stderr)):
            pipe.close()


def _sessions(checkout: Path) -> list[Path]:
    return sessions.every(checkout / ".local")


def test_the_commands_exit_code_is_passed_on_and_nothing_is_left(begin: Begin, checkout: Path) -> None:
    process = begin('echo "$DATABASE_URL $REDIS_URL $HTTPS"; exit 7')
    out, err = process.communicate(timeout=60)
    database, broker, https = out.split()
    sockets = database.removeprefix("postgresql://ordinavo@/ordinavo?host=")
    assert (process.returncode, err, https) == (7, "", "no")
    assert broker.startswith("redis://:")
    assert "@127.0.0.1:" in broker
    assert (Path(sockets).exists(), belonging_to(sockets), _sessions(checkout)) == (False, [], [])


def test_the_servers_answer_and_know_letters_beyond_ascii(begin: Begin) -> None:
    ask = (
        "import os, psycopg, redis\n"
        "link = psycopg.connect(os.environ['DATABASE_URL'], autocommit=True)\n"
        "link.execute('CREATE EXTENSION pg_trgm')\n"
        "print(*link.execute(\"SELECT cardinality(show_trgm('ü')), lower('Ä')\").fetchone())\n"
        "print(redis.Redis.from_url(os.environ['REDIS_URL']).ping())\n"
    )
    process = begin(f"{shlex.quote(SUPERVISOR[0])} -c {shlex.quote(ask)}")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert out.split() == ["2", "ä", "True"]


def test_servers_that_the_environment_names_are_used_and_none_is_started(
    begin: Begin, checkout: Path
) -> None:
    named = {"DATABASE_URL": "postgresql:///named", "REDIS_URL": "redis://named"}
    process = begin('echo "$DATABASE_URL $REDIS_URL"; exec sleep 60', **named)
    assert process.stdout is not None
    assert process.stdout.readline() == "postgresql:///named redis://named\n"
    assert until(lambda: set(living_of(_sessions(checkout)[0])) == {"command", "owner"})


def test_sigterm_reaches_the_command_and_its_answer_is_passed_on(begin: Begin, checkout: Path) -> None:
    process = begin("trap 'exit 5' TERM; echo up; while :; do sleep 0.05; done")
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert (process.returncode, _sessions(checkout)) == (5, [])


def test_a_command_killed_by_a_signal_is_told_as_shells_tell_it(begin: Begin) -> None:
    process = begin("kill -9 $$")
    process.communicate(timeout=60)
    assert process.returncode == 137


def test_a_command_that_is_none_is_one_sentence(checkout: Path, plain_environment: Environment) -> None:
    command = [*SUPERVISOR, "exec", "--", "no-such-command"]
    done = subprocess.run(
        command, cwd=checkout, env=plain_environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "no-such-command is not a command.\n")


def test_the_servers_of_a_killed_exec_end_and_the_next_one_tidies_up(begin: Begin, checkout: Path) -> None:
    process = begin('echo "$DATABASE_URL"; exec sleep 60')
    assert process.stdout is not None
    sockets = process.stdout.readline().strip().rpartition("host=")[2]
    assert sockets.startswith("/tmp/ordinavo-"), process.stderr and process.stderr.read()  # noqa: S108
    assert until(lambda: len(living_of(_sessions(checkout)[0])) == 4)
    servers = list(living_of(_sessions(checkout)[0]).values())
    process.kill()
    process.communicate(timeout=60)
    assert until(lambda: not any(map(is_alive, servers)))
    assert (len(_sessions(checkout)), os.path.isdir(sockets)) == (1, True)  # noqa: PTH112
    begin("true").communicate(timeout=60)
    assert (_sessions(checkout), os.path.isdir(sockets)) == ([], False)  # noqa: PTH112
