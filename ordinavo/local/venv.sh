#!/bin/sh
# Makes .venv hold exactly what a lock file names: `venv.sh run` or `venv.sh dev`. Does nothing when it does.
# The newest Python that the locks were tested with is taken; PYTHON= overrides the choice.
set -eu
lock="requirements/$1.txt"
tested='import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'

works() { "$1" -c "$tested" >/dev/null 2>&1; }

# A name on the PATH may be a shim without a Python behind it, or lack ensurepip: only running it tells.
find_python() {
    if [ -n "${PYTHON:-}" ]; then
        "$PYTHON" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 ||
            { echo "PYTHON=$PYTHON is no Python 3.11 or newer with venv and ensurepip." >&2; return 2; }
        echo "$PYTHON"
        return
    fi
    for name in python3.13 python3.12 python3.11 python3; do
        if works "$name"; then echo "$name"; return; fi
    done
    echo "Python 3.11, 3.12 or 3.13 with venv and ensurepip is needed (on Debian: python3-venv)." >&2
    return 2
}

same() { [ -f "$2" ] && [ "$(cat "$1")" = "$(cat "$2")" ]; }

if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    python=$(find_python)
    echo "Creating .venv with $("$python" --version) ..."
    rm -rf .venv
    "$python" -m venv .venv
fi
if same "$lock" ".venv/$1.lock"; then exit 0; fi
echo "Installing what $lock names ..."
rm -f .venv/*.lock
.venv/bin/python -m pip install --quiet --no-input --disable-pip-version-check --require-hashes -r "$lock"
cp "$lock" ".venv/$1.lock"
# Everything of the run lock is in the dev lock too.
if [ "$1" = dev ]; then cp requirements/run.txt .venv/run.lock; fi
