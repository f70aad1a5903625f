"""VROOM and OR-Tools on one of our problems, as well as we know how to ask them."""

import json
import os
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from targets.routes.planning.by_vroom import Orders, modelled, orders
from targets.routes.planning.problem import Person, Problem, Stop

_ROOT = Path(__file__).resolve().parents[3]
_LOCK = _ROOT / "requirements" / "route-peers.txt"
_HOME = _ROOT / ".local" / "route-peers"
_PYTHON = str(_HOME / "bin" / "python")
_SCRIPT = Path(__file__).with_name("peers") / "by_ortools.py"
_HORIZON = 24 * 3600


def by_vroom(problem: Problem, seconds: float) -> Orders:
    """VROOM's best in that time: its deepest exploration, on one core."""
    asked = modelled(problem)
    if asked is None:
        return {}
    answer = asked.solve(exploration_level=5, nb_threads=1, timeout=timedelta(seconds=seconds))
    return orders(problem, answer)


def by_ortools(problem: Problem, seconds: float) -> Orders:
    """OR-Tools' best in that time, on one core: guided local search after a parallel insertion."""
    _ensure()
    day = json.dumps(_day(problem, seconds))
    done = subprocess.run([_PYTHON, str(_SCRIPT)], input=day, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    return {
        person.id: [problem.stops[number].id for number in order]
        for person, order in zip(problem.people, found, strict=True)
    }


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


def _day(problem: Problem, seconds: float) -> dict[str, Any]:
    # As for our own search: more than any detour, so that nobody is left out to save a way.
    unit = 2 * int(problem.matrix.seconds.max())
    return {
        "seconds": seconds,
        "horizon": _HORIZON,
        "seconds_between": problem.matrix.rows,
        "stops": [_stop(problem, stop, unit) for stop in problem.stops],
        "people": [_person(person) for person in problem.people],
    }


def _stop(problem: Problem, stop: Stop, unit: int) -> dict[str, Any]:
    return {
        "place": stop.place_index,
        "service": stop.service,
        "starts": [[span.start, span.end] for span in stop.starts],
        "prize": stop.prize * unit,
        "people": [n for n, person in enumerate(problem.people) if person.may_serve(stop)],
    }


def _person(person: Person) -> dict[str, Any]:
    pause = person.break_
    return {
        "start": person.start_index,
        "end": person.end_index,
        "shift": [person.shift.start, person.shift.end],
        "max_stops": person.max_stops,
        "max_driving": person.max_driving,
        "break": pause and [pause.window.start, pause.window.end - pause.duration, pause.duration],
    }
