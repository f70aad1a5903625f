"""Starts the embedded servers as children of a crew and says where they are."""

import signal
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ordinavo.local import postgres, valkey
from ordinavo.local.children import Spec
from ordinavo.local.crew import Crew
from ordinavo.local.refusal import Failure
from ordinavo.local.servant import Servant, hire

_PATIENCE = 30.0
_TRIES = 5


@dataclass(frozen=True)
class Site:
    """Where the servers of one session live: sockets and configuration in `burrow`, logs in `logs`."""

    root: Path
    burrow: Path
    logs: Path
    # Careless: nothing need survive a crash. Not lasting: the data lie in the burrow and vanish with it.
    careless: bool = False
    lasting: bool = True


@dataclass(frozen=True)
class Services:
    """DATABASE_URL and REDIS_URL, and where the data of the database lie if it is ours."""

    urls: dict[str, str]
    data: Path | None


def start_services(crew: Crew, site: Site, environ: Mapping[str, str]) -> Services:
    """Start whichever server the environment doesn't name."""
    urls = {name: environ[name] for name in ("DATABASE_URL", "REDIS_URL") if environ.get(name)}
    if len(urls) == 2:
        return Services(urls=urls, data=None)
    servant, data = hire(site.root), None
    servant.give(site.burrow)
    if "DATABASE_URL" not in urls:
        data = (servant.home if site.lasting else site.burrow) / "postgres"
        urls["DATABASE_URL"] = _start_postgres(crew, site, servant, data)
    if "REDIS_URL" not in urls:
        urls["REDIS_URL"] = _start_valkey(crew, site, servant)
    return Services(urls=urls, data=data)


def _start_postgres(crew: Crew, site: Site, servant: Servant, data: Path) -> str:
    postgres.prepare(servant, data)
    command = postgres.command(servant, data, site.burrow, careless=site.careless)
    # SIGINT is PostgreSQL's "fast" shutdown: SIGTERM would wait for every client to leave.
    child = crew.start(_spec("postgres", command, site, servant, stop=signal.SIGINT))
    crew.wait_until(
        lambda: postgres.is_ready(data, child.process.pid), seconds=_PATIENCE, what="PostgreSQL was up"
    )
    postgres.create_database(servant, site.burrow)
    return postgres.url(site.burrow)


def _start_valkey(crew: Crew, site: Site, servant: Servant) -> str:
    for left in reversed(range(_TRIES)):
        address = valkey.free_address()
        command = valkey.command(servant, site.burrow, address)
        child = crew.start(_spec("valkey", command, site, servant, stop=signal.SIGTERM))
        try:
            crew.wait_until(lambda at=address: valkey.answers(at), seconds=_PATIENCE, what="Valkey was up")  # type: ignore[misc]
        except Failure:
            # Somebody took the port between our asking and Valkey's binding.
            crew.stop(child)
            if not left:
                raise
        else:
            return address.url
    raise AssertionError


def _spec(name: str, command: list[str], site: Site, servant: Servant, *, stop: signal.Signals) -> Spec:
    return Spec(
        name=name,
        command=command,
        env={"PATH": "/usr/bin:/bin", "LC_MESSAGES": "C", "HOME": str(site.burrow)},
        cwd=site.burrow,
        stop=stop,
        patience=15.0,
        log=site.logs / f"{name}.log",
        as_user=servant.as_user,
    )
