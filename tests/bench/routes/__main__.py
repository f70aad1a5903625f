"""`make bench-routes`: measure the route engine, print a table, fail if a figure is missed.

ARGS="--json FILE" keeps the figures, --only NAME measures a part (may be repeated), --no-peers leaves out
VROOM and OR-Tools; the latter needs a download at the first time.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figures import Figure, as_json, table
from tests.bench.routes import drafts, field, solomon

_PARTS = ("solomon", "usual", "great", "field")


def main() -> int:
    """Return 1 if a figure is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.routes", description=__doc__)
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    parser.add_argument("--only", action="append", choices=_PARTS, help="measure this part")
    parser.add_argument("--no-peers", action="store_true", help="leave out the solvers compared with")
    asked = parser.parse_args()
    figures: list[Figure] = []
    for part in asked.only or _PARTS:
        print(f"Measuring {part} ...", flush=True)
        figures += _measured(part, peers=not asked.no_peers)
    print(table(figures))
    if asked.json:
        asked.json.write_text(as_json(figures))
    return 0 if all(figure.good for figure in figures) else 1


def _measured(part: str, *, peers: bool) -> Iterator[Figure]:
    match part:
        case "solomon":
            return solomon.measure()
        case "usual":
            return drafts.measure_usual()
        case "great":
            return drafts.measure_great()
        case _:
            return field.measure(peers=peers)


if __name__ == "__main__":
    sys.exit(main())
