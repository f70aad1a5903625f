"""A client may have twenty batches waiting, and no more."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from integrations.models import IntegrationClient
from integrations.refusals import RateLimited
from ordinavo.tenants.models import Tenant
from targets.imports.api.forms import judging
from targets.imports.models import ImportJob
from targets.imports.services.batch import Sent, accept_batch
from targets.imports.services.room import make_sure_of_room
from tests import factories
from tests.admin.world import job_of
from tests.api import Api

BATCH = {"items": [{"externalId": "A", "title": "T"}]}
WAITING = {"kind": "batch", "status": "Accepted", "created_items": 0, "pending_items": 1}


def fill(client: IntegrationClient, number: int, **fields: object) -> None:
    for _ in range(number):
        job_of(client, **{**WAITING, **fields})


def test_the_twenty_first_is_refused_and_leaves_nothing(api: Api) -> None:
    fill(api.client, 19)
    assert api.post("/inbound/targets/batch", BATCH).status_code == 202

    answer = api.post("/inbound/targets/batch", BATCH, idempotency_key="k")

    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["retryAfterSeconds"]) == (429, "rate_limited", 10)
    assert error["message"] == (
        "20 batches of this integration client are not finished yet; send more when they are."
    )
    assert answer.headers["Retry-After"] == "10"
    assert answer.headers["X-RateLimit-Limit"] == "1000"
    assert ImportJob.objects.count() == 20
    ImportJob.objects.filter(pk=ImportJob.objects.earliest("id").pk).update(
        finished_at=timezone.now(), status="Completed"
    )
    assert api.post("/inbound/targets/batch", BATCH, idempotency_key="k").status_code == 202


def test_what_has_ended_and_single_imports_and_other_clients_do_not_count(api: Api, tenant: Tenant) -> None:
    fill(api.client, 20, finished_at=timezone.now(), status="Completed", created_items=1, pending_items=0)
    fill(api.client, 20, kind="single")
    fill(factories.client(tenant), 20)

    assert api.post("/inbound/targets/batch", BATCH).status_code == 202


def test_single_imports_go_on_while_batches_wait(api: Api) -> None:
    fill(api.client, 20)

    assert api.post("/inbound/targets", {"externalId": "A", "title": "T"}).status_code == 202


def test_a_retry_is_a_batch_too(api: Api) -> None:
    ended = job_of(api.client, kind="batch", status="Failed", finished_at=timezone.now())
    ImportJob.objects.filter(pk=ended.pk).update(created_items=0, rejected_items=1)
    ended.items.create(
        tenant=api.client.tenant,
        index=0,
        place=0,
        status="Rejected",
        error_code="validation_failed",
        payload={"externalId": "A", "title": "T"},
    )
    fill(api.client, 20)

    answer = api.post(f"/import-jobs/{ended.pk}/retry")

    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "rate_limited")


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_no_more_come_in_than_there_is_room_for() -> None:
    client = factories.client(factories.tenant())
    fill(client, 15)

    judge = judging(client)
    payload = BATCH["items"][0]

    def send(_: int) -> bool:
        try:
            accept_batch(client=client, items=[Sent(payload, judge(payload))])
        except RateLimited:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        taken = sum(pool.map(send, range(16)))

    assert taken == 5
    assert ImportJob.objects.filter(client=client, finished_at=None).count() == 20


def test_looking_for_room_costs_two_statements(
    erp: IntegrationClient, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(2):  # type: ignore[operator]
        make_sure_of_room(erp)
