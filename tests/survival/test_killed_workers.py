"""Workers are killed in the middle of a batch: others finish it, and nothing is done twice."""

import os
import random
import signal
import time
from collections.abc import Callable

import pytest

from ordinavo.local.children import Child
from tests.survival.erp import Erp, is_finished, pending_of
from tests.survival.stage import Stage, children_of, wait

pytestmark = pytest.mark.slow

COUNT = 5000


def _kill(*pids: int) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


def _all(stage: Stage, worker: Child) -> Child:
    """Parent and children at once, as when a machine dies."""
    stage.forget(worker)
    return stage.start("worker")


def _parent(stage: Stage, worker: Child) -> Child:
    """The parent alone; its children end with the task that they are at."""
    _kill(worker.process.pid)
    wait(worker.has_ended, "the parent has ended")
    return stage.start("worker")


def _children(stage: Stage, worker: Child) -> Child:
    """The children alone; the parent starts new ones."""
    _kill(*children_of(worker.process.pid))
    return worker


DEATHS: list[Callable[[Stage, Child], Child]] = [_all, _children, _parent, _children]


def _survive(stage: Stage, job_id: int, deaths: list[Callable[[Stage, Child], Child]]) -> None:
    """Start a worker, kill it at random moments, and wait until the job is done all the same."""
    worker = stage.start("worker")
    for death in deaths:
        before = pending_of(job_id)
        wait(lambda at=before: pending_of(job_id) < at, "the batch goes on", step=0.01)  # type: ignore[misc]
        time.sleep(random.uniform(0, 0.5))
        assert not is_finished(job_id)
        worker = death(stage, worker)
    wait(lambda: is_finished(job_id), "the batch is finished within a minute of the last death")


def test_a_batch_whose_workers_are_killed_again_and_again_is_done_exactly_once(
    stage: Stage, erp: Erp
) -> None:
    _survive(stage, erp.send(COUNT).job_id, DEATHS)
    erp.assert_created_once(jobs=1, count=COUNT)


def test_changes_whose_workers_are_killed_are_done_exactly_once(stage: Stage, erp: Erp) -> None:
    worker = stage.start("worker")
    first = erp.send(COUNT // 2)
    wait(lambda: is_finished(first.job_id), "the targets are there")
    stage.forget(worker)
    _survive(stage, erp.send(COUNT // 2, title="Changed").job_id, [_all, _children])
    erp.assert_updated_once(count=COUNT // 2)
