"""`POST /import-jobs/{id}/cancel`: what is not yet done is skipped, what is done stays."""

from typing import Any

import pytest
from pytest_django import Settings

from targets.imports.models import ImportItem, ImportJob
from targets.imports.pipeline.chunk import work_chunk
from targets.models import Target
from tests.api import Api
from tests.imports.batching import ONLY, accepted, counted, done, fates, job, many, one, work
from tests.imports.sending import assert_error_shape

pytestmark = pytest.mark.django_db


def _cancel(api: Api, job_id: int, **headers: str) -> Any:
    return api.post(f"/import-jobs/{job_id}/cancel", **headers)


def _is_conflict(answer: Any) -> bool:
    return (answer.status_code, assert_error_shape(answer)["code"]) == (409, "conflict")


def test_what_is_not_yet_worked_off_is_skipped(api: Api, settings: Settings) -> None:
    settings.IMPORT_CHUNK = 2
    job_id = accepted(api, [*many(2), one(2, operation="update"), one(3, title=5), *many(3)])
    assert work_chunk(job_id) is True
    answer = _cancel(api, job_id)
    body = answer.json()
    assert answer.status_code == 200
    assert body == job(api, job_id)
    counts = {"totalItems": 7, "createdItems": 2, "rejectedItems": 1, "skippedItems": 4}
    assert (body["status"], body["progressPercent"], counted(body)) == ("Cancelled", 100, counts)
    assert body["finishedAt"] is not None
    skipped = ["Skipped"] * 3
    assert fates(api, job_id) == ["Created", "Created", "Skipped", "validation_failed", *skipped]
    assert not ImportItem.objects.exclude(draft=None).exists()
    assert ImportItem.objects.filter(status="Skipped", processed_at=None).count() == 0


def test_a_worker_that_comes_after_the_cancelling_does_nothing(api: Api) -> None:
    job_id = accepted(api, many(3))
    assert _cancel(api, job_id).status_code == 200
    assert work_chunk(job_id) is False
    assert not Target.objects.exists()
    body = job(api, job_id)
    assert (body["status"], body["startedAt"], counted(body)) == (
        "Cancelled",
        None,
        {"totalItems": 3, "skippedItems": 3},
    )


def test_cancelled_stands_above_failed(api: Api) -> None:
    job_id = accepted(api, [one(1, title=5), one(2)])
    assert _cancel(api, job_id).json()["status"] == "Cancelled"


def test_a_second_cancelling_is_a_conflict(api: Api) -> None:
    job_id = accepted(api, many(2))
    _cancel(api, job_id)
    before = ImportJob.objects.values().get()
    assert _is_conflict(_cancel(api, job_id))
    assert ImportJob.objects.values().get() == before


@pytest.mark.parametrize("sent", [[one(1)], [{"title": "Nameless"}], [one(1), one(2, title=5)]])
def test_cancelling_an_ended_job_is_a_conflict(api: Api, sent: list[Any]) -> None:
    job_id = done(api, sent)
    before = job(api, job_id)
    assert _is_conflict(_cancel(api, job_id))
    assert job(api, job_id) == before


def test_cancelling_a_single_import_is_a_conflict(api: Api) -> None:
    assert _is_conflict(_cancel(api, api.post("/inbound/targets", one(1)).json()["importJobId"]))


def test_a_foretelling_can_be_cancelled(api: Api) -> None:
    job_id = accepted(api, many(2), query=ONLY)
    body = _cancel(api, job_id).json()
    assert (body["status"], body["validateOnly"]) == ("Cancelled", True)


def test_a_repeated_cancelling_with_its_key_is_answered_again(api: Api) -> None:
    job_id = accepted(api, many(2))
    first, again = (_cancel(api, job_id, Idempotency_Key="k") for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.content == first.content
    assert again.headers["Idempotent-Replayed"] == "true"
    assert _is_conflict(_cancel(api, job_id, Idempotency_Key="other"))


def test_an_empty_and_a_json_body_will_do(api: Api) -> None:
    for body in (b"", b"{}"):
        job_id = accepted(api, many(1))
        assert api.post(f"/import-jobs/{job_id}/cancel", body).status_code == 200
    work(job_id)
