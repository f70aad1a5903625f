"""What processes hold of the machine's memory."""

from pathlib import Path


def memory_of(process: int) -> float:
    """Return the MiB of a process and its children: shared pages count in parts (PSS)."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(status.read_text().rpartition(")")[2].split()[1])
            if process in {parent, int(status.parent.name)}:
                rollup = (status.parent / "smaps_rollup").read_text()
                total += int(rollup.split("Pss:")[1].split()[0])
        except (FileNotFoundError, ProcessLookupError):
            continue
    return total / 1024
