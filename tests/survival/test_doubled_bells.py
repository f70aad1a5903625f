"""The same bell rung often, two workers, two clocks: the work is done once."""

import time

import pytest

from ordinavo.local.children import Child
from tests.survival.erp import Erp, is_finished
from tests.survival.stage import Stage, wait

pytestmark = pytest.mark.slow

COUNT = 2000
CHUNKS = COUNT // 100


def test_two_workers_a_task_delivered_ten_times_and_two_beats_do_a_batch_once(stage: Stage, erp: Erp) -> None:
    workers = [stage.start("worker"), stage.start("worker")]
    stage.start("beat")
    wait(lambda: all("ready." in said(worker) for worker in workers), "both workers are ready")
    job_id = erp.send(COUNT).job_id
    for _ in range(9):
        stage.ring(job_id)
    wait(lambda: is_finished(job_id), "the batch is finished")
    wait(lambda: not stage.waiting_bells(), "the queue is empty", seconds=10)

    erp.assert_created_once(jobs=1, count=COUNT)
    rung = [said(worker).count("tasks.work_job[") for worker in workers]
    assert all(rung)
    # Each bell works off a chunk and rings again, or finds nothing to do and dies away.
    assert CHUNKS <= sum(rung) <= CHUNKS + 10
    assert all(
        word not in said(worker) for worker in workers for word in ("bell_lost", "deadlock", "Traceback")
    )


def test_sweeps_do_not_ring_for_what_waits_in_the_queue_or_is_worked_on(stage: Stage, erp: Erp) -> None:
    jobs = [erp.send(20, title=f"Round {number}").job_id for number in range(3)]
    time.sleep(1.5)
    for _ in range(5):
        stage.sweep()
    worker = stage.start("worker")
    wait(lambda: all(map(is_finished, jobs)), "all are finished")
    wait(lambda: not stage.waiting_bells(), "the queue is empty", seconds=10)
    assert said(worker).count("tasks.work_job[") == len(jobs)
    assert "bell_lost" not in said(worker)


def test_many_sweeps_at_once_ring_once_for_a_lost_bell(stage: Stage, erp: Erp) -> None:
    job_id = erp.send(20).job_id
    stage.broker.flushall()
    time.sleep(1.5)
    for _ in range(10):
        stage.sweep()
    worker = stage.start("worker")
    wait(lambda: is_finished(job_id), "the batch is finished")
    assert (said(worker).count("bell_lost"), said(worker).count("tasks.work_job[")) == (1, 1)


def said(child: Child) -> str:
    """Everything that the process has logged."""
    assert child.spec.log is not None
    return child.spec.log.read_text()
