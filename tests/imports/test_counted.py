"""Settled items are counted once, when they are committed, and only if they were meant."""

import pytest
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from targets.imports.models import ImportJob
from targets.imports.services.jobs import cancel_job
from tests.api import Api
from tests.counters import told
from tests.imports import batching, sending

pytestmark = pytest.mark.django_db

RESULTS = ("created", "updated", "unchanged", "cancelled", "rejected", "skipped")


def _counted(kind: str) -> dict[str, float]:
    return {result: told("ordinavo_import_items_total", kind=kind, result=result) for result in RESULTS}


def _more(kind: str, before: dict[str, float]) -> dict[str, float]:
    return {result: now - before[result] for result, now in _counted(kind).items() if now != before[result]}


def test_single_imports_are_counted_by_result(
    api: Api, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    before = _counted("single")
    with django_capture_on_commit_callbacks(execute=True):
        sending.send(api)
        sending.send(api)
        sending.send(api, title="Another")
        sending.send(api, title="")
    assert _more("single", before) == {"created": 1, "unchanged": 1, "updated": 1, "rejected": 1}


def test_items_of_a_batch_are_counted_at_the_door_by_the_worker_and_when_skipped(
    api: Api, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    before = _counted("batch")
    with django_capture_on_commit_callbacks(execute=True):
        batching.work(batching.accepted(api, [*batching.many(3), {"title": "No id"}]))
        cancel_job(job=ImportJob.objects.get(pk=batching.accepted(api, batching.many(2))))
    assert _more("batch", before) == {"created": 3, "rejected": 1, "skipped": 2}


def test_what_is_only_foretold_or_rolled_back_is_not_counted(
    api: Api, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    before = _counted("single")
    with django_capture_on_commit_callbacks(execute=True):
        sending.send(api, query="?validateOnly=true")
        with transaction.atomic():
            sending.send(api)
            transaction.set_rollback(True)
    assert _more("single", before) == {}
