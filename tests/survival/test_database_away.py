"""PostgreSQL crashes in the middle of a batch and comes back later: nothing is lost, nobody must help."""

import time

import pytest

from tests.survival.erp import Erp, is_finished, pending_of
from tests.survival.stage import Stage, children_of, wait

pytestmark = pytest.mark.slow

COUNT = 3000
AWAY = 10.0


def test_a_database_that_is_away_for_ten_seconds_costs_ten_seconds_and_nothing_else(
    stage: Stage, erp: Erp
) -> None:
    worker, dispatcher = stage.start("worker"), stage.start("webhooks")
    stage.wait_for_worker()
    job_id = erp.send(COUNT).job_id
    wait(lambda: pending_of(job_id) < COUNT, "work has begun", step=0.01)
    stage.crash_postgres()
    crashed, pool = time.monotonic(), children_of(worker.process.pid)

    ready = erp.get("/readyz")
    assert (ready.status, ready.body["checks"]["database"], ready.body["checks"]["broker"]) == (
        503,
        "away",
        "ok",
    )
    refused = erp.send(50, title="Refused", Idempotency_Key="again")
    assert (refused.status, refused.body["error"]["code"]) == (503, "unavailable")
    assert erp.get("/healthz").status == 200

    time.sleep(max(0.0, AWAY - (time.monotonic() - crashed)))
    stage.start_postgres()
    wait(lambda: erp.get("/readyz").status == 200, "the web server is ready again", seconds=20)
    wait(lambda: is_finished(job_id), "the batch is finished")
    erp.assert_created_once(jobs=1, count=COUNT)
    assert children_of(worker.process.pid) == pool
    assert not dispatcher.has_ended()
    again = erp.send(50, title="Refused", Idempotency_Key="again")
    wait(lambda: is_finished(again.job_id), "what was refused is taken now", seconds=20)
    assert "Idempotent-Replayed" not in again.headers
    assert erp.revisions() == {1: COUNT - 50, 2: 50}
