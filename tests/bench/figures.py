"""One figure: what was measured, what must be reached, and whether it was."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """`good` compares `value` with what `must` says in words."""

    what: str
    value: float
    unit: str
    must: str
    good: bool


def table(figures: list[Figure]) -> str:
    """Return the figures as lines that align."""
    rows = [("what", "figure", "must reach", "")]
    rows += [(f.what, f"{f.value:,.1f} {f.unit}", f.must, "ok" if f.good else "MISSED") for f in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows
    )


def as_json(figures: list[Figure]) -> str:
    """Return the figures for a machine."""
    return json.dumps([asdict(figure) for figure in figures], indent=1)
