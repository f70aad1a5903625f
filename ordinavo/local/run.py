"""`run`: the whole product on one machine, from the servers to the banner, until somebody ends it."""

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from ordinavo.local import banner, prepared, sessions
from ordinavo.local.address import Address, address_of, refuse_taken
from ordinavo.local.children import Spec
from ordinavo.local.crew import Crew
from ordinavo.local.environment import ENV_FILE, kept_secrets, local_environment, write_env
from ordinavo.local.keeper import Keeper
from ordinavo.local.refusal import Failure, Refusal, Stopped
from ordinavo.local.services import Site, start_services

_DEMO = "demo.json"
_HEALTHY_WITHIN = 60.0
# Whoever tries the product here has the receiver of webhooks on the same machine.
_LOOPBACK = {"WEBHOOK_ALLOWED_TARGETS": "localhost,127.0.0.0/8,::1"}
# How manage.py says so.
_NONSENSE = "Configuration: "


def run(root: Path) -> int:
    """Start everything, print the banner and stay until Ctrl-C or SIGTERM; returns 0 then."""
    address, local = address_of(os.environ), root / ".local"
    with sessions.only_run(local):
        for name in sessions.sweep(local):
            say("ordinavo", f"ended {name}, left over from a run that was killed")
        refuse_taken(address)
        with sessions.session(local, "run") as (pids, burrow), Crew(pids, say) as crew:
            try:
                _start(crew, root, burrow, address)
                Keeper(crew).stay()
            except Stopped:
                say("ordinavo", "stopping")
            finally:
                (local / ENV_FILE).unlink(missing_ok=True)
    return 0


def say(name: str, line: str) -> None:
    """Print one line of one process. A reader that has gone away is no reason to end."""
    with suppress(OSError):
        print(f"{name:<8} | {line}", flush=True)


def _start(crew: Crew, root: Path, burrow: Path, address: Address) -> None:
    local, logs = root / ".local", root / ".local" / "logs"
    logs.mkdir(exist_ok=True)
    # Static files come straight from the packages here, but the web server looks for the folder.
    (root / "staticfiles").mkdir(exist_ok=True)
    services = start_services(crew, Site(root=root, burrow=burrow, logs=logs), os.environ)
    reached_at = {"HOST": address.host, "PORT": str(address.port)}
    metrics = {"METRICS_DIR": str(burrow / "metrics")}
    values = kept_secrets(local) | services.urls | reached_at | metrics | _LOOPBACK
    environment = local_environment(os.environ, values, host=address.host)
    write_env(local, environment)
    demo = local / _DEMO
    with prepared.once(root, environment, services.data) as needed:
        if needed or not demo.is_file():
            _manage(crew, root, environment, "migrate", "--noinput")
            _manage(crew, root, environment, "seed_demo", "--credentials", str(demo))
        for spec in processes(root, local, environment):
            crew.start(spec)
        crew.wait_until(address.is_healthy, seconds=_HEALTHY_WITHIN, what="/readyz answered 200")
    with suppress(OSError):
        print(banner.banner(address.url, demo), flush=True)


def _manage(crew: Crew, root: Path, environment: Mapping[str, str], *words: str) -> None:
    command = [sys.executable, "manage.py", *words]
    child = crew.start(Spec(name="setup", command=command, env=environment, cwd=root, silent=True))
    if crew.wait(child) == 0:
        return
    told = child.last_words()
    for line in told.splitlines():
        if line.startswith(_NONSENSE):
            raise Refusal(line.removeprefix(_NONSENSE))
    raise Failure(f"`manage.py {words[0]}` failed:\n{told}")


def processes(root: Path, local: Path, environment: Mapping[str, str]) -> list[Spec]:
    """Return beat, workers and web: they are ended in the reverse order, web first. Beat notes in `local`."""
    celery = [sys.executable, "-m", "celery", "--quiet", "-A", "ordinavo"]
    schedule = local / "celerybeat-schedule"
    worker = [*celery, "worker", "--prefetch-multiplier=1", "--without-gossip", "--without-mingle"]
    many, alone = ["--pool=prefork", "--concurrency=2"], "--pool=solo"
    # Loaded at the start rather than with the first question, and by no other worker.
    search = "targets.routes.solving.work"
    commands = {
        "beat": [*celery, "beat", "--schedule", str(schedule)],
        "worker": [*worker, *many, "--queues=default,imports"],
        # The dispatcher is at work for as long as there is something to deliver.
        "webhooks": [*worker, alone, "--hostname=webhooks@%h", "--queues=webhooks"],
        # Planning takes a processor for up to a minute: imports do not wait for it.
        "routes": [*worker, alone, "--hostname=routes@%h", "--queues=routes", f"--include={search}"],
        "web": [sys.executable, "-m", "gunicorn", "-c", "ordinavo/gunicorn_conf.py", "ordinavo.wsgi"],
    }
    # Celery warns of root at length; whoever starts this as root knows.
    warnings = ["ignore:You're running the worker with superuser", environment.get("PYTHONWARNINGS", "")]
    quiet = {**environment, "PYTHONWARNINGS": ",".join(filter(None, warnings))}
    return [
        Spec(name=name, command=command, env=quiet, cwd=root, patience=15.0)
        for name, command in commands.items()
    ]
