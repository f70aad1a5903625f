"""A worker that hangs in the middle of a chunk keeps neither its lock nor its place."""

import os
import signal

import pytest
from django.db import connection

from ordinavo.local.children import Child
from tests.survival.erp import Erp, is_finished, pending_of, titles
from tests.survival.stage import Stage, children_of, wait

pytestmark = pytest.mark.slow

COUNT = 2000
_HOLDERS = "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction'"


def _freeze_in_the_middle(stage: Stage, worker: Child, *, group: bool) -> list[int]:
    """Stop the worker's processes at a moment when one of them is inside a transaction; return those."""
    pool = children_of(worker.process.pid)
    frozen = [worker.process.pid, *pool] if group else pool

    def caught() -> bool:
        _send(frozen, signal.SIGSTOP)
        if _open_transactions():
            return True
        _send(frozen, signal.SIGCONT)
        return False

    wait(caught, "a process is frozen inside a transaction", step=0.03)
    return frozen


def _open_transactions() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_HOLDERS)
        found: int = cursor.fetchone()[0]
    return found


def _send(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        os.kill(pid, number)


def test_the_work_of_a_frozen_worker_goes_to_another_one(stage: Stage, erp: Erp) -> None:
    job_id = erp.send(COUNT).job_id
    worker = stage.start("worker")
    wait(lambda: pending_of(job_id) < COUNT, "work has begun", step=0.01)
    frozen = _freeze_in_the_middle(stage, worker, group=True)
    left = pending_of(job_id)
    assert 0 < left < COUNT
    stage.start("worker")
    wait(lambda: is_finished(job_id), "another worker has finished the batch", seconds=30)
    assert not _open_transactions()
    erp.assert_created_once(jobs=1, count=COUNT)
    # It wakes up without its session, and does no harm.
    _send(frozen, signal.SIGCONT)
    later = [erp.send(100, title=f"Later {number}").job_id for number in range(3)]
    wait(lambda: all(map(is_finished, later)), "work goes on", seconds=30)
    assert erp.titles() == titles("Later 2", range(100)) | titles("Visit", range(100, COUNT))


def test_a_frozen_process_of_a_pool_is_killed_and_replaced(stage: Stage, erp: Erp) -> None:
    job_id = erp.send(COUNT).job_id
    worker = stage.start("worker", processes_in_pool=1)
    wait(lambda: pending_of(job_id) < COUNT, "work has begun", step=0.01)
    frozen = _freeze_in_the_middle(stage, worker, group=False)
    assert len(frozen) == 1
    # Nobody else is there: the worker itself must get rid of it.
    wait(lambda: is_finished(job_id), "the same worker has finished the batch", seconds=40)
    assert not set(frozen) & set(children_of(worker.process.pid))
    erp.assert_created_once(jobs=1, count=COUNT)
