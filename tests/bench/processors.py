"""What processes took of the machine's processors: a figure that other work on the machine hardly touches."""

import os
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")
_PARENT, _USER, _SYSTEM = 1, 11, 12


def seconds_below(process: int) -> float:
    """Return the processor seconds of all that this process started, and of what that started, as of now."""
    taken: dict[int, tuple[int, float]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        seconds = (int(fields[_USER]) + int(fields[_SYSTEM])) / _TICK
        taken[int(status.parent.name)] = int(fields[_PARENT]), seconds
    below = {process}
    while grown := {pid for pid, (parent, _) in taken.items() if parent in below} - below:
        below |= grown
    return sum(taken[pid][1] for pid in below - {process})
