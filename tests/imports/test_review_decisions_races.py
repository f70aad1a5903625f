"""Managers and imports at the same moment: nobody overwrites, no item waits for a closed review."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from random import Random
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import connections, transaction

from customers.models import Customer, ExternalReference
from ordinavo.kernel.errors import Conflict
from ordinavo.tenants.models import AuditEntry
from targets.imports.models import ImportItem, ImportJob, MappingReview, ReviewedItem
from targets.imports.pipeline.chunk import work_chunk
from targets.imports.services.reviews import create_from_review, dismiss_review, link_review
from targets.models import Target
from tests import factories
from tests.api import Api
from tests.customers.rows import customer
from tests.imports.mapped import matched_by
from tests.imports.sending import imported, send
from tests.imports.waiting import Waiting

pytestmark = pytest.mark.django_db(transaction=True)

SENT = {"externalId": "C-1", "name": "Rhein Ruhr", "customerNumber": "K-1"}
IMPORTS = 24


@pytest.fixture
def crm(transactional_db: None) -> Api:
    return Api(factories.client(factories.tenant(), mapping_strategy="ExternalIdThenCustomerNumber"))


@pytest.fixture
def pair(crm: Api) -> list[Customer]:
    return [customer(crm.client.tenant, number="K-1"), customer(crm.client.tenant, number="K-1")]


def together(calls: list[Callable[[], Any]]) -> list[Any]:
    """Make the calls at the same moment, each on a connection of its own; refusals are returned."""
    start = Barrier(len(calls), timeout=30)

    def run(call: Callable[[], Any]) -> Any:
        try:
            start.wait()
            return call()
        except Conflict as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def needing_review() -> int:
    return sum(ImportJob.objects.values_list("needs_review_items", flat=True))


@pytest.mark.parametrize("flat", [False, True], ids=["with external id", "without"])
def test_imports_that_come_while_a_manager_decides_all_follow(
    crm: Api, pair: list[Customer], flat: bool
) -> None:
    sent = {name: value for name, value in SENT.items() if not flat or name != "externalId"}
    for number in range(3):
        imported(send(crm, externalId=f"T-{number}", customer=sent))
    review = MappingReview.objects.get()

    def bring(number: int) -> Callable[[], Any]:
        return lambda: imported(send(crm, externalId=f"T-{number}", customer=sent))

    together([*map(bring, range(IMPORTS)), lambda: link_review(review=review, record=pair[1], actor=None)])

    assert Target.objects.count() == IMPORTS
    assert set(Target.objects.values_list("customer", flat=True)) == {pair[1].pk}
    assert set(ImportItem.objects.values_list("mapping_status", flat=True)) == {"Mapped"}
    assert MappingReview.objects.get().status == "linked"
    assert needing_review() == 0
    assert not ImportItem.objects.exclude(draft=None).exists()


def test_two_managers_decide_at_once_and_the_second_is_told(crm: Api, pair: list[Customer]) -> None:
    imported(send(crm, customer=SENT))
    review = MappingReview.objects.get()

    answers = together(
        [
            lambda: link_review(review=review, record=pair[0], actor=None),
            lambda: link_review(review=review, record=pair[1], actor=None),
            lambda: create_from_review(review=review, actor=None),
            lambda: dismiss_review(review=review, actor=None),
        ]
    )

    won = [answer for answer in answers if isinstance(answer, MappingReview)]
    assert [len(won), sum(isinstance(answer, Conflict) for answer in answers)] == [1, 3]
    review.refresh_from_db()
    assert (review.status, review.chosen_id) == (won[0].status, won[0].chosen_id)
    assert Target.objects.get().customer_id == review.chosen_id
    assert ExternalReference.objects.count() == (review.chosen_id is not None)
    assert Customer.objects.count() == 2 + (review.status == "created")
    assert AuditEntry.objects.filter(action__startswith="mapping_review.").count() == 1


def test_a_decision_waits_for_an_import_that_has_attached_its_item(crm: Api, pair: list[Customer]) -> None:
    imported(send(crm, customer=SENT))
    review = MappingReview.objects.get()
    decision = Waiting(lambda: link_review(review=review, record=pair[0], actor=None))

    with transaction.atomic():
        late = imported(send(crm, externalId="T-2", customer=SENT))
        decision.start()
    decision.answer()

    assert late["customerMapping"]["status"] == "NeedsReview"
    assert [row.customer for row in Target.objects.all()] == [pair[0], pair[0]]
    assert ReviewedItem.objects.filter(review=review).count() == 2
    assert (needing_review(), MappingReview.objects.count()) == (0, 1)


@pytest.mark.parametrize("known", [True, False], ids=["a target that waits", "another target"])
def test_an_import_waits_for_a_decision_and_follows_it(crm: Api, pair: list[Customer], known: bool) -> None:
    imported(send(crm, customer=SENT))
    review = MappingReview.objects.get()
    external_id = "T-1" if known else "T-2"
    bringing = Waiting(lambda: imported(send(crm, externalId=external_id, customer=SENT)))

    with transaction.atomic():
        link_review(review=review, record=pair[0], actor=None)
        bringing.start()
    mapping = bringing.answer()["customerMapping"]

    assert (mapping["customerId"], matched_by(mapping)) == (pair[0].pk, {"customer": "manual"})
    assert (MappingReview.objects.count(), needing_review()) == (1, 0)


def test_an_import_that_waited_for_a_dismissal_asks_no_more(crm: Api, pair: list[Customer]) -> None:
    imported(send(crm, customer=SENT))
    review = MappingReview.objects.get()
    bringing = Waiting(lambda: imported(send(crm, externalId="T-2", customer=SENT)))

    with transaction.atomic():
        dismiss_review(review=review, actor=None)
        bringing.start()

    assert bringing.answer()["customerMapping"]["status"] == "NotMapped"
    assert MappingReview.objects.count() == 1


def test_decisions_about_records_of_the_same_items_do_not_stop_each_other(
    crm: Api, pair: list[Customer]
) -> None:
    api = Api(factories.client(crm.client.tenant, mapping_strategy="ManualOnly"))
    contact = {"externalId": "P-1", "displayName": "Anna"}
    for number in range(5):
        imported(send(api, externalId=f"T-{number}", customer=SENT, contact=contact))
    reviews = {review.kind: review for review in MappingReview.objects.all()}

    together(
        [
            lambda: link_review(review=reviews["customer"], record=pair[0], actor=None),
            lambda: dismiss_review(review=reviews["contact"], actor=None),
        ]
    )

    assert not MappingReview.objects.filter(status="open").exists()
    assert {(row.customer_id, row.contact_id) for row in Target.objects.all()} == {(pair[0].pk, None)}
    assert set(ImportItem.objects.values_list("mapping_status", flat=True)) == {"PartiallyMapped"}
    assert needing_review() == 0


def test_no_stream_of_imports_keeps_a_manager_out(crm: Api, pair: list[Customer]) -> None:
    for number in range(20):
        imported(send(crm, externalId=f"T-{number}", customer=SENT))
    review, decided, numbers = MappingReview.objects.get(), Event(), count()

    def stream() -> None:
        while not decided.is_set():
            imported(send(crm, externalId=f"T-{next(numbers) % 30}", title="Newer", customer=SENT))

    def decide() -> None:
        try:
            link_review(review=review, record=pair[0], actor=None)
        finally:
            decided.set()

    together([*[stream] * 5, decide])

    assert set(Target.objects.values_list("customer", flat=True)) == {pair[0].pk}
    assert not ImportItem.objects.filter(mapping_status="NeedsReview").exists()
    assert (MappingReview.objects.count(), needing_review()) == (1, 0)


def test_batches_and_decisions_all_at_once_leave_everything_settled(crm: Api, settings: Any) -> None:
    """Four records in doubt in six batches over the same targets; three are linked, one is dismissed."""
    settings.IMPORT_CHUNK = 40
    tenant, dice = crm.client.tenant, Random(7)
    switches: dict[str, Any] = {"mapping_strategy": "ExternalIdThenCustomerNumber", "create_locations": True}
    apis = [Api(factories.client(tenant, **switches)) for _ in range(2)]
    chosen = [customer(tenant, number=f"K-{k}") for k in (0, 1, 2, 3, 0, 1, 2, 3)]
    jobs = [_batch(apis[n % 2], [_item(dice, n) for _ in range(100)]) for n in range(6)]
    for job_id in jobs[:2]:
        work_chunk(job_id)

    def decide(k: int) -> None:
        review = MappingReview.objects.get(kind="customer", external_id=f"C-{k}")
        if k == 3:
            dismiss_review(review=review, actor=None)
        else:
            link_review(review=review, record=chosen[k], actor=None)

    together([*(partial(_work_off, job_id) for job_id in jobs), *(partial(decide, k) for k in range(4))])

    assert not MappingReview.objects.filter(status="open", kind="customer").exists()
    doubtful = set(ImportItem.objects.filter(mapping_status="NeedsReview").values_list("id", flat=True))
    waiting = ReviewedItem.objects.filter(review__status="open").values_list("item", flat=True)
    assert doubtful == set(waiting)
    for job in ImportJob.objects.all():
        items = list(job.items.all())
        assert job.status == "Completed"
        assert job.needs_review_items == sum(item.mapping_status == "NeedsReview" for item in items)
        assert job.warning_items == sum(bool(item.warnings or item.mapping["warnings"]) for item in items)
    for target in Target.objects.all():
        last = target.import_items.order_by("-place")[0]
        k = int(last.payload["customer"]["externalId"][2:])
        assert target.customer == (None if k == 3 else chosen[k])
        assert target.mapping == last.mapping


def _item(dice: Random, batch: int) -> dict[str, Any]:
    k = dice.randrange(4)
    return {
        "externalId": f"T-{batch % 2}-{dice.randrange(120)}",
        "title": f"Visit {batch}",
        "customer": {"externalId": f"C-{k}", "name": "A", "customerNumber": f"K-{k}"},
        "location": {"externalId": f"L-{dice.randrange(200)}", "city": "Essen"},
    }


def _batch(api: Api, items: list[dict[str, Any]]) -> int:
    job_id: int = api.post("/inbound/targets/batch", {"items": items}).json()["importJobId"]
    return job_id


def _work_off(job_id: int) -> None:
    while ImportJob.objects.filter(pk=job_id, finished_at=None).exists():
        work_chunk(job_id)
