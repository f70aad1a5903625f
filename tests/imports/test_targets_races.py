"""Many requests at once, each with its own thread and connection."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction

from customers.models import Customer
from targets.imports.models import ImportJob
from targets.models import Target
from tests.api import Api
from tests.imports.sending import result, send
from tests.imports.waiting import Waiting

pytestmark = pytest.mark.django_db(transaction=True)

CROWD = 20


def _all_at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    gate = Barrier(len(calls), timeout=30)

    def one(call: Callable[[], Any]) -> Any:
        try:
            gate.wait(timeout=20)
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


def _crowd(api: Api, **members: Any) -> Counter[str]:
    """Twenty requests at the same moment, each with a title of its own."""

    def call(number: int) -> Callable[[], Any]:
        return lambda: send(api, **{"title": f"Visit {number}", **members})

    return Counter(result(answer) for answer in _all_at_once([call(number) for number in range(CROWD)]))


def test_of_many_upserts_of_one_new_target_one_creates_it_and_the_newest_wins(api: Api) -> None:
    results = _crowd(api)
    assert results["Created"] == 1
    assert results["Created"] + results["Updated"] + results["Unchanged"] == CROWD
    target = Target.objects.get()
    assert target.last_import_job_id == ImportJob.objects.latest("id").id
    assert target.revision == 1 + results["Updated"]


def test_of_many_creates_of_one_target_one_wins(api: Api) -> None:
    assert _crowd(api, operation="create") == {"Created": 1, "422 external_id_exists": CROWD - 1}
    jobs = Counter(ImportJob.objects.values_list("status", flat=True))
    assert jobs == {"Completed": 1, "Failed": CROWD - 1}
    assert Target.objects.count() == 1


def test_many_equal_upserts_with_a_new_customer_make_one_of_each(api: Api) -> None:
    customer = {"externalId": "C", "customerNumber": "7", "name": "A"}
    results = _crowd(api, title="Visit", customer=customer, location={"externalId": "L"})
    assert results == {"Created": 1, "Unchanged": CROWD - 1}
    assert (Target.objects.count(), Customer.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("operation", "expected"), [("upsert", "Updated"), ("create", "422 external_id_exists")]
)
def test_who_loses_the_race_for_a_new_target_looks_again(api: Api, operation: str, expected: str) -> None:
    second = Waiting(lambda: send(api, operation=operation, title="Second"))
    client = api.client
    with transaction.atomic():
        Target.objects.create(
            tenant=client.tenant, source_system=client.source_system, external_id="T-1", title="First"
        )
        second.start()
    assert result(second.answer()) == expected
    assert Target.objects.get().title == ("Second" if operation == "upsert" else "First")


def test_a_customer_that_is_deleted_meanwhile_is_not_linked(api: Api) -> None:
    send(api, externalId="T-0", customer={"externalId": "C", "name": "A"})
    Target.objects.all().delete()
    second = Waiting(lambda: send(api, customer={"externalId": "C", "name": "A"}))
    with transaction.atomic():
        Customer.objects.all().delete()
        second.start()
    assert result(second.answer()) == "Created"
    assert Target.objects.get().customer == Customer.objects.get()
