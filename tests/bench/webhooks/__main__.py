"""`make bench-webhooks`: measure, print a table, fail if a figure is missed.

ARGS="--json FILE" keeps the figures, --only NAME measures a part (may be repeated), --no-peers leaves out
the two packages that we compare with, which need a download at the first time.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
# The receivers listen on loopback.
os.environ["WEBHOOK_ALLOWED_TARGETS"] = "127.0.0.0/8"
django.setup()

from django.core.management import call_command  # noqa: E402  (models can be imported only now)

from tests.bench.figures import Figure, as_json, table  # noqa: E402
from tests.bench.webhooks import approval, idle, imports, latency, stored, throughput  # noqa: E402
from tests.bench.webhooks.receivers import Receivers, listening  # noqa: E402

_WITH_RECEIVERS: dict[str, Callable[[Receivers], Iterator[Figure]]] = {
    "latency": latency.measure,
    "fairness": latency.measure_fairness,
    "approval": approval.measure,
}
_ALONE: dict[str, Callable[[], Iterator[Figure]]] = {
    "idle": idle.measure,
    "stored": stored.measure,
    "imports": imports.measure,
}
_PARTS = ("throughput", *_WITH_RECEIVERS, *_ALONE)
_RECEIVERS = 1000


def main() -> int:
    """Return 1 if a figure is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.webhooks", description=__doc__)
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    parser.add_argument("--only", action="append", choices=_PARTS, help="measure this part")
    parser.add_argument("--no-peers", action="store_true", help="leave out the packages compared with")
    asked = parser.parse_args()
    call_command("migrate", verbosity=0)
    figures: list[Figure] = []
    with listening(_RECEIVERS) as receivers:
        for part in asked.only or _PARTS:
            print(f"Measuring {part} ...", flush=True)
            figures += _measured(part, receivers, peers=not asked.no_peers)
    print(table(figures))
    if asked.json:
        asked.json.write_text(as_json(figures))
    return 0 if all(figure.good for figure in figures) else 1


def _measured(part: str, receivers: Receivers, *, peers: bool) -> Iterator[Figure]:
    if part == "throughput":
        return throughput.measure(receivers, peers=peers)
    if part in _ALONE:
        return _ALONE[part]()
    return _WITH_RECEIVERS[part](receivers)


if __name__ == "__main__":
    sys.exit(main())
