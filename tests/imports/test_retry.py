"""`POST /import-jobs/{id}/retry`: refused and skipped items again, at their old place in the order."""

from typing import Any

import pytest

from integrations.models import IntegrationClient
from integrations.scopes import Scope
from targets.imports.models import ImportItem, ImportJob
from targets.models import Target
from tests.api import BASE, Api
from tests.imports.batching import ONLY, accepted, counted, done, fates, items, job, many, one, work
from tests.imports.mapped import without
from tests.imports.sending import assert_error_shape

pytestmark = pytest.mark.django_db


def _retry(api: Api, job_id: int, **headers: str) -> Any:
    return api.post(f"/import-jobs/{job_id}/retry", **headers)


def _retried(api: Api, job_id: int) -> int:
    """Retry a job and work it off; the id of the new one."""
    answer = _retry(api, job_id)
    assert answer.status_code == 202, answer.content
    work(answer.json()["id"])
    return int(answer.json()["id"])


def _is_conflict(answer: Any) -> bool:
    return (answer.status_code, assert_error_shape(answer)["code"]) == (409, "conflict")


def test_refused_items_come_again_as_a_new_job(api: Api) -> None:
    old = done(
        api, [one(1), one(2, operation="update"), one(3, title=5), one(4, operation="cancel")], batchId="b"
    )
    before, told = job(api, old), items(api, old)
    done(api, [one(2)])
    answer = _retry(api, old, X_Correlation_Id="again")
    body = answer.json()
    assert answer.headers["Location"] == f"{BASE}/import-jobs/{body['id']}"
    assert body == job(api, body["id"])
    assert (body["retryOf"], body["batchId"], body["correlationId"]) == (old, "b", "again")
    # The one whose form is wrong stays wrong, and that is known at once.
    assert counted(body) == {"totalItems": 3, "pendingItems": 2, "rejectedItems": 1}
    work(body["id"])
    assert [(item["index"], item["externalId"]) for item in items(api, body["id"])] == [
        (0, "T-2"),
        (1, "T-3"),
        (2, "T-4"),
    ]
    assert (job(api, old), items(api, old)) == (before, told)


def test_what_came_later_stays_on_top(api: Api) -> None:
    old = done(api, [one(1, title="Old", operation="update"), one(2, title="Old", operation="update")])
    done(api, [one(1, title="Later")])
    retry = _retried(api, old)
    assert fates(api, retry) == ["Unchanged superseded", "unknown_external_id"]
    assert Target.objects.get().title == "Later"
    places = ImportItem.objects.order_by("id").values_list("job", "place")
    by_job = {job_id: [place for of, place in places if of == job_id] for job_id in (old, retry)}
    assert by_job[old] == by_job[retry]


def test_what_came_before_is_changed(api: Api) -> None:
    done(api, [one(1)])
    Target.objects.update(status="InProgress")
    old = done(api, [one(1, operation="cancel")])
    Target.objects.update(status="Open")
    assert fates(api, _retried(api, old)) == ["Cancelled"]


def test_skipped_items_come_again_in_their_order(api: Api) -> None:
    old = accepted(api, [one(1, title="First"), one(1, title="Second"), one(2)])
    api.post(f"/import-jobs/{old}/cancel")
    retry = _retried(api, old)
    assert fates(api, retry) == ["Created", "Updated duplicate_in_batch", "Created"]
    assert job(api, retry)["status"] == "Completed"
    assert Target.objects.get(external_id="T-1").title == "Second"


def test_a_retry_can_be_retried_and_keeps_the_first_place(api: Api) -> None:
    first = done(api, [one(1, operation="update")])
    second = _retried(api, first)
    done(api, [one(1, title="Later")])
    third = _retried(api, second)
    assert job(api, third)["retryOf"] == second
    assert fates(api, third) == ["Unchanged superseded"]


def test_a_refused_single_import_can_be_retried(api: Api) -> None:
    refused = api.post("/inbound/targets", one(1, operation="update")).json()["error"]["importJobId"]
    assert fates(api, _retried(api, refused)) == ["unknown_external_id"]


def test_what_the_batch_said_for_all_holds_in_the_retry_too(api: Api) -> None:
    old = done(api, [{"externalId": "T-1"}], operation="cancel")
    retry = _retried(api, old)
    assert fates(api, retry) == ["unknown_external_id"]


def test_a_retry_of_a_foretelling_is_one(api: Api) -> None:
    old = done(api, [one(1, operation="update")], query=ONLY)
    retry = _retried(api, old)
    assert job(api, retry)["validateOnly"] is True


def test_a_running_job_cannot_be_retried(api: Api) -> None:
    job_id = accepted(api, [one(1), one(2, title=5)])
    assert _is_conflict(_retry(api, job_id))
    assert ImportJob.objects.count() == 1


def test_a_job_with_nothing_to_retry_cannot_be_retried(api: Api) -> None:
    assert _is_conflict(_retry(api, done(api, many(2))))
    assert ImportJob.objects.count() == 1


def test_a_retry_needs_the_mapping_scope_again(api: Api, erp: IntegrationClient) -> None:
    old = done(api, [one(1, operation="update", customer={"externalId": "C", "name": "A"})])
    erp.scopes = without(Scope.CUSTOMERS_MAP)
    erp.save()
    answer = _retry(api, old)
    error = assert_error_shape(answer)
    assert (answer.status_code, error["code"], error["requiredScope"]) == (
        *(403, "missing_scope"),
        "customers.map",
    )
    assert ImportJob.objects.count() == 1


def test_only_items_that_are_retried_are_asked_for_scopes(api: Api, erp: IntegrationClient) -> None:
    old = done(api, [one(1, customer={"externalId": "C", "name": "A"}), one(2, operation="update")])
    erp.scopes = without(Scope.CUSTOMERS_MAP)
    erp.save()
    assert fates(api, _retried(api, old)) == ["unknown_external_id"]


def test_a_repeated_retry_with_its_key_makes_one_job(api: Api) -> None:
    old = done(api, [one(1, operation="update")])
    first, again = (_retry(api, old, Idempotency_Key="k") for _ in range(2))
    assert again.content == first.content
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert ImportJob.objects.count() == 2
