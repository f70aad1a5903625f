"""The web server is killed after the commit and before the answer: asked again, it gives that answer."""

import os
import signal
import socket

import pytest

from targets.imports.models import ImportJob
from tests.bench.load import HOST
from tests.survival.erp import BATCH, Erp, batch, is_finished
from tests.survival.stage import Stage, children_of, wait

pytestmark = pytest.mark.slow

COUNT = 300


def _jobs(erp: Erp) -> list[int]:
    return list(ImportJob.objects.filter(tenant=erp.tenant).values_list("id", flat=True))


def test_a_request_repeated_after_the_web_server_was_killed_is_a_replay(stage: Stage, erp: Erp) -> None:
    body = batch(COUNT)
    lines = [f"POST {BATCH} HTTP/1.1", f"Host: {HOST}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in erp.headers(Idempotency_Key="once").items()]
    web = next(child for child in stage.children if child.spec.name == "web")
    # A broker that hangs holds the request where we want it: after the commit, before the answer.
    stage.valkey.send(signal.SIGSTOP)
    try:
        with socket.create_connection((HOST, stage.port)) as link:
            link.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
            wait(lambda: _jobs(erp), "the job is committed", step=0.005)
            for pid in children_of(web.process.pid):
                os.kill(pid, signal.SIGKILL)
            assert _answer(link) == b""
    finally:
        stage.valkey.send(signal.SIGCONT)

    answer = erp.send(COUNT, Idempotency_Key="once")
    assert answer.headers["Idempotent-Replayed"] == "true"
    assert [answer.job_id] == _jobs(erp)
    assert (answer.body["totalItems"], answer.headers["Location"]) == (
        COUNT,
        f"/api/connect/v1/import-jobs/{answer.job_id}",
    )
    # Its bell was never rung.
    assert not is_finished(answer.job_id)
    stage.start("worker")
    wait(lambda: is_finished(answer.job_id), "the batch is finished")
    erp.assert_created_once(jobs=1, count=COUNT)


def _answer(link: socket.socket) -> bytes:
    try:
        return link.recv(1)
    except ConnectionResetError:
        return b""
