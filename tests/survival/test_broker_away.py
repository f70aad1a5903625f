"""The broker is a doorbell: without it batches wait, and none is lost or sent."""

import signal

import pytest
from redis.exceptions import ConnectionError as BrokerAway

from ordinavo.kernel.health import BEAT_MARK, DISPATCHER_MARK, WORKER_MARK
from tests.survival.erp import Erp, is_finished, pending_of, titles
from tests.survival.stage import Stage, wait

pytestmark = pytest.mark.slow


def test_batches_whose_bells_are_lost_are_rung_for_again(stage: Stage, erp: Erp) -> None:
    waiting, begun = erp.send(300), erp.send(2000, title="Later")
    stage.start("worker")
    wait(lambda: is_finished(waiting.job_id) and pending_of(begun.job_id) < 2000, "work has begun")
    stage.broker.flushall()
    lost = erp.send(100, title="Last")
    stage.broker.flushall()
    wait(lambda: all(map(is_finished, (begun.job_id, lost.job_id))), "all are finished")
    assert erp.titles() == titles("Last", range(100)) | titles("Later", range(100, 2000))


def test_without_a_broker_a_batch_is_accepted_and_worked_off_when_it_is_back(stage: Stage, erp: Erp) -> None:
    worker, dispatcher = stage.start("worker"), stage.start("webhooks")
    stage.wait_for_worker()
    begun = erp.send(2000)
    wait(lambda: pending_of(begun.job_id) < 2000, "work has begun")
    stage.forget(stage.valkey)
    sent = [erp.send(50, title="Now") for _ in range(3)]
    assert [answer.status for answer in sent] == [202, 202, 202]
    assert max(answer.seconds for answer in sent) < 3
    assert erp.get("/readyz").body["checks"] == {
        "database": "ok",
        "migrations": "ok",
        "staticFiles": "ok",
        "broker": "away",
        "worker": "away",
        "webhooks": "away",
        "beat": "away",
    }
    with pytest.raises(BrokerAway):
        stage.broker.ping()
    stage.start_valkey()
    wait(lambda: all(is_finished(answer.job_id) for answer in (begun, *sent)), "all are finished")
    assert not worker.has_ended()
    assert not dispatcher.has_ended()
    marks = WORKER_MARK, DISPATCHER_MARK, BEAT_MARK
    wait(lambda: stage.broker.exists(*marks) == 3, "beat and workers are heard again")
    assert erp.get("/readyz").status == 200
    quick = erp.send(50, title="Afterwards")
    wait(lambda: is_finished(quick.job_id), "bells ring at once again", seconds=5)


def test_a_broker_that_hangs_holds_no_request_for_long(stage: Stage, erp: Erp) -> None:
    stage.start("worker")
    stage.wait_for_worker()
    stage.valkey.send(signal.SIGSTOP)
    try:
        answer = erp.send(50)
    finally:
        stage.valkey.send(signal.SIGCONT)
    assert answer.status == 202
    assert answer.seconds < 8
    wait(lambda: is_finished(answer.job_id), "the batch is finished")
    erp.assert_created_once(jobs=1, count=50)
