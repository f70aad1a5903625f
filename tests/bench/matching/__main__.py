"""`make bench-matching`: measure matching by name and address, print a table, fail if a figure is missed.

ARGS="--json FILE" keeps the figures, --only NAME measures a part (may be repeated), --no-peers leaves out
Splink, --seed N draws another German set than the reported one.
"""

import argparse
import os
import sys
from collections.abc import Iterable
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from django.core.management import call_command  # noqa: E402  (needs settings)

from tests.bench.figures import Figure, as_json, table  # noqa: E402
from tests.bench.matching import businesses, people  # noqa: E402
from tests.bench.matching.german import REPORTED_SEED  # noqa: E402

_PARTS = ("people", "businesses", "million")


def main() -> int:
    """Return 1 if a figure is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.matching", description=__doc__)
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    parser.add_argument("--only", action="append", choices=_PARTS, help="measure this part")
    parser.add_argument("--no-peers", action="store_true", help="leave out Splink")
    parser.add_argument("--seed", type=int, default=REPORTED_SEED, help="of the German set")
    asked = parser.parse_args()
    call_command("migrate", verbosity=0)
    figures: list[Figure] = []
    for part in asked.only or _PARTS:
        print(f"Measuring {part} ...", flush=True)
        figures += _measured(part, peers=not asked.no_peers, seed=asked.seed)
    print(table(figures))
    if asked.json:
        asked.json.write_text(as_json(figures))
    return 0 if all(figure.good for figure in figures) else 1


def _measured(part: str, *, peers: bool, seed: int) -> Iterable[Figure]:
    match part:
        case "people":
            return people.measure(peers=peers)
        case "businesses":
            return businesses.measure(seed=seed)
        case _:
            return businesses.measure_million()


if __name__ == "__main__":
    sys.exit(main())
