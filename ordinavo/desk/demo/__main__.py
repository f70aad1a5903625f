"""`make demo`: plays the product's story against a running `make run`, at reading speed.

ARGS="--pace 0" goes as fast as it can, "--pace 2" twice as slowly. PORT and HOST are those of `make run`.
"""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from ordinavo.desk.demo.story import Stage, play
from ordinavo.desk.demo.visitor import Refused
from ordinavo.local.address import Address, address_of

_ROOT = Path(__file__).resolve().parents[3]
_WHO, _TRIES = ("manager", "employee"), 5


def main() -> int:
    """Return 0 when the story came to its end, 1 when it did not, 2 when nothing is there to play it on."""
    parser = argparse.ArgumentParser(prog="python -m ordinavo.desk.demo", description=__doc__)
    parser.add_argument("--pace", type=float, default=1.0, help="how slowly to go; 0: not waiting at all")
    parser.add_argument("--credentials", type=Path, default=_ROOT / ".local" / "demo.json")
    asked = parser.parse_args()
    address = address_of(os.environ)
    if not asked.credentials.is_file() or not _answers(address):
        print(
            f"Nothing answers at {address.url}: start `make run` first (PORT must be the same).",
            file=sys.stderr,
        )
        return 2
    told = json.loads(asked.credentials.read_text())
    try:
        play(Stage(address.url, _logins(told), told["apiKey"], _say, asked.pace))
    except Refused as refusal:
        print(f"\nThe demonstration ends here. {refusal}", file=sys.stderr)
        return 1
    return 0


def _answers(address: Address) -> bool:
    # A busy machine may take a moment.
    return any(address.is_healthy() for _ in range(_TRIES))


def _logins(told: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {one["role"]: (one["email"], one["password"]) for one in told["logins"] if one["role"] in _WHO}


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
