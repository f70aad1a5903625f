"""python -m ordinavo.local run | exec [--durable] -- CMD… | clean"""

import argparse
import os
import sys
from pathlib import Path

from ordinavo.local.clean import clean
from ordinavo.local.refusal import Refusal
from ordinavo.local.run import run
from ordinavo.local.throwaway import execute

ROOT = Path(__file__).resolve().parents[2]


def main(words: list[str]) -> int:
    """Do what the words say and return the exit code; whatever the caller can put right is one sentence."""
    asked = _parse(words)
    try:
        if asked.what == "exec":
            return execute(ROOT, asked.command, durable=asked.durable)
        return {"run": run, "clean": clean}[asked.what](ROOT)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return refusal.exit_code
    except PermissionError as exc:
        print(f"This user may not touch {exc.filename}: it belongs to another one.", file=sys.stderr)
        return Refusal.exit_code


def _parse(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m ordinavo.local", description="Run the product here.")
    what = parser.add_subparsers(dest="what", required=True)
    what.add_parser("run", help="start everything and stay until Ctrl-C")
    what.add_parser("clean", help="end everything and remove its data")
    wrapped = what.add_parser("exec", help="run a command with throw-away servers")
    wrapped.add_argument("--durable", action="store_true", help="PostgreSQL as careful as in production")
    wrapped.add_argument("command", nargs="+", metavar="CMD")
    return parser.parse_args(words)


if __name__ == "__main__":
    code = main(sys.argv[1:])
    # A reader that has gone away must not turn into a traceback at the very end.
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise SystemExit(code)
