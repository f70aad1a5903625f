"""`exec -- CMD`: run a command with servers of its own that vanish with it."""

import os
import shutil
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from ordinavo.local import sessions
from ordinavo.local.children import Child, Spec
from ordinavo.local.crew import Crew
from ordinavo.local.environment import fresh_secrets, local_environment
from ordinavo.local.refusal import Refusal, Stopped
from ordinavo.local.services import Site, start_services

_SIGNALLED = 128


def execute(root: Path, command: list[str], *, durable: bool) -> int:
    """Run the command with throw-away servers and return its exit code, 128 + n if signal n ended it.

    `durable` keeps PostgreSQL as careful as in production, for figures that mean something.
    """
    local = root / ".local"
    local.mkdir(exist_ok=True)
    sessions.sweep(local)
    with sessions.session(local) as (pids, burrow), Crew(pids, lambda *_: None) as crew:
        site = Site(root=root, burrow=burrow, logs=burrow, careless=not durable, lasting=False)
        try:
            urls = start_services(crew, site, os.environ).urls
        except Stopped:
            return _SIGNALLED + crew.signals[0]
        ours = fresh_secrets() | urls | {"MEDIA_ROOT": str(burrow / "media")}
        return _supervise(crew, command, local_environment(os.environ, ours, host=""))


def _supervise(crew: Crew, command: list[str], environment: Mapping[str, str]) -> int:
    if shutil.which(command[0]) is None:
        raise Refusal(f"{command[0]} is not a command.")
    child = crew.start(Spec(name="command", command=command, env=environment, cwd=Path.cwd(), attached=True))
    while not child.has_ended():
        crew.pump(0.5)
        _forward(crew, child)
    code = crew.bury(child)
    return code if code >= 0 else _SIGNALLED - code


def _forward(crew: Crew, child: Child) -> None:
    while crew.signals:
        number = crew.signals.pop(0)
        # The terminal has sent Ctrl-C to the whole group already: twice would cut short the clean-up.
        if number != signal.SIGINT or not _in_foreground():
            child.send(number)


def _in_foreground() -> bool:
    try:
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except (OSError, ValueError):
        return False
