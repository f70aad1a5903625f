"""`make bench`: measure, print a table, fail if a figure is missed. ARGS="--json FILE" keeps the figures."""

import argparse
import os
import sys
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from tests.bench import engine, restart, single, whole_path  # noqa: E402  (models can be imported only now)
from tests.bench.figures import as_json, table  # noqa: E402
from tests.bench.server import web_server  # noqa: E402


def main() -> int:
    """Return 1 if a figure is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    asked = parser.parse_args()
    with web_server() as server:
        figures = [
            *single.measure(server),
            *whole_path.measure(server),
            *engine.measure(server.client),
        ]
    figures += restart.measure()
    print(table(figures))
    if asked.json:
        asked.json.write_text(as_json(figures))
    return 0 if all(figure.good for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
