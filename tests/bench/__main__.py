"""`make bench`: measure, print a table, fail if a figure is missed.

ARGS="--json FILE" keeps the figures, ARGS="--only field" measures one part, several if it is repeated.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from tests.bench import (  # noqa: E402  (models can be imported only now)
    desk,
    engine,
    field,
    myday,
    restart,
    single,
    whole_path,
)
from tests.bench.figures import Figure, as_json, table  # noqa: E402
from tests.bench.server import Server, web_server  # noqa: E402

_PARTS: dict[str, Callable[[Server], Iterable[Figure]]] = {
    "single": single.measure,
    "batches": whole_path.measure,
    "engine": lambda server: engine.measure(server.client),
    "field": field.measure,
    "myday": myday.measure,
    "desk": desk.measure,
}
_ALONE = {"restart": restart.measure}


def main() -> int:
    """Return 1 if a figure is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    parser.add_argument(
        "--only", action="append", choices=[*_PARTS, *_ALONE], help="measure this part; may be repeated"
    )
    asked = parser.parse_args()
    wanted = asked.only or [*_PARTS, *_ALONE]
    with web_server() as server:
        figures = [figure for part, measure in _PARTS.items() if part in wanted for figure in measure(server)]
    figures += [figure for part, measure in _ALONE.items() if part in wanted for figure in measure()]
    print(table(figures))
    if asked.json:
        asked.json.write_text(as_json(figures))
    return 0 if all(figure.good for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
