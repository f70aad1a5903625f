"""Real threads with connections of their own: nothing is doubled, nothing is lost."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from customers.matching.drafts import CUSTOMER, LOCATION, RecordDraft, RecordSet
from customers.models import Contact, Customer, ExternalReference, Location
from integrations.models import IntegrationClient
from targets.imports.models import ImportItem, ImportJob, MappingReview, ReviewedItem, place_of
from targets.imports.pipeline.context import Context
from targets.imports.pipeline.drafts import TargetDraft
from targets.imports.pipeline.run import Placed
from targets.imports.pipeline.work import work_off
from targets.models import Target
from tests import factories
from tests.api import Api
from tests.customers.rows import customer, refer
from tests.imports.mapped import told
from tests.imports.sending import imported, send

pytestmark = pytest.mark.django_db(transaction=True)

CALLERS = 50
AT_ONCE = 50


def _together(calls: list[Callable[[], Any]], *, at_once: int | None = None) -> list[Any]:
    """Make the calls at the same moment, each on a connection of its own; `at_once` at a time."""
    threads = at_once or len(calls)
    start = Barrier(threads, timeout=30)

    def run(index: int) -> Any:
        try:
            if index < threads:
                start.wait()
            return calls[index]()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(len(calls))))


def _erp(**fields: Any) -> IntegrationClient:
    return factories.client(tenant=factories.tenant(), **{**factories.ALL_SWITCHES, **fields})


@pytest.mark.parametrize("number", [{}, {"customerNumber": "K-1"}], ids=["without number", "with number"])
def test_fifty_imports_of_one_new_customer_make_it_once(number: dict[str, str]) -> None:
    api = Api(_erp())
    records: dict[str, Any] = {
        "customer": {"externalId": "C-1", "name": "Rhein Ruhr", **number},
        "location": {"externalId": "L-1", "name": "Werk"},
        "contact": {"externalId": "P-1", "displayName": "Anna"},
    }

    def call(index: int) -> Callable[[], Any]:
        return lambda: send(api, externalId=f"T-{index}", **records)

    answers = _together([call(index) for index in range(CALLERS)], at_once=AT_ONCE)
    assert Counter(answer.status_code for answer in answers) == {202: CALLERS}
    mappings = [imported(answer)["customerMapping"] for answer in answers]
    assert Counter(mapping["status"] for mapping in mappings) == {"Created": 1, "Mapped": CALLERS - 1}
    assert not any(mapping["warnings"] for mapping in mappings)
    row, works, anna = Customer.objects.get(), Location.objects.get(), Contact.objects.get()
    assert Target.objects.filter(customer=row, location=works, contact=anna).count() == CALLERS
    assert ExternalReference.objects.count() == 3
    assert ImportJob.objects.filter(status="Completed").count() == CALLERS
    assert not MappingReview.objects.exists()


@pytest.mark.parametrize("round_", range(3))
def test_of_two_new_customers_with_one_number_one_is_created_and_one_reviewed(round_: int) -> None:
    api = Api(_erp())

    def call(name: str) -> Callable[[], Any]:
        sent = {"externalId": name, "customerNumber": "K-1", "name": name}
        return lambda: send(api, externalId=name, customer=sent)

    answers = _together([call("A"), call("B"), call("C"), call("D")])
    mappings = [imported(answer)["customerMapping"] for answer in answers]
    assert Counter(mapping["status"] for mapping in mappings) == {"Created": 1, "NeedsReview": 3}
    row = Customer.objects.get()
    for mapping in mappings:
        if mapping["status"] == "NeedsReview":
            assert told(mapping) == [("customer_number_conflict", "customer")]
    assert [review.candidates for review in MappingReview.objects.all()] == [[{"id": row.pk}]] * 3


def test_one_number_in_two_tenants_is_no_race() -> None:
    sent = {"externalId": "C-1", "customerNumber": "K-1", "name": "Rhein Ruhr"}
    apis = [Api(_erp()), Api(_erp())]

    def call(api: Api) -> Callable[[], Any]:
        return lambda: send(api, customer=sent)

    answers = _together([call(api) for api in apis])
    assert [imported(answer)["customerMapping"]["status"] for answer in answers] == ["Created", "Created"]


def test_simultaneous_changes_of_different_columns_all_survive() -> None:
    erp = _erp()
    row = customer(erp.tenant, name="Old", number="K-1")
    refer(erp.source_system, "C-1", row)
    api = Api(erp)
    columns = {
        "name": "New",
        "industry": "Steel",
        "email": "a@b.de",
        "phone": "0201 123456",
        "type": "Business",
    }

    def call(member: str) -> Callable[[], Any]:
        sent = {"externalId": "C-1", member: columns[member]}
        works = {"externalId": f"L-{member}", "name": member}
        return lambda: send(api, externalId=f"T-{member}", customer=sent, location=works)

    answers = _together([call(member) for member in columns])
    assert {answer.status_code for answer in answers} == {202}
    row.refresh_from_db()
    assert {member: getattr(row, member) for member in columns} == columns
    assert (row.name_key, row.email_key, row.phone_key) == ("new", "a@b.de", "+49201123456")
    assert row.number == "K-1"
    assert Location.objects.filter(customer=row).count() == len(columns)


def test_one_doubt_of_many_imports_at_once_is_one_review() -> None:
    api = Api(_erp(mapping_strategy="ManualOnly"))

    def call(index: int) -> Callable[[], Any]:
        return lambda: send(api, externalId=f"T-{index}", customer={"externalId": "C-1", "name": "A"})

    answers = _together([call(index) for index in range(10)])
    assert {imported(answer)["customerMapping"]["status"] for answer in answers} == {"NeedsReview"}
    assert MappingReview.objects.get().waiting.count() == ReviewedItem.objects.count() == 10


def _draft(target: str, site: str) -> TargetDraft:
    records = RecordSet(
        customer=RecordDraft(
            CUSTOMER, f"C-{site}", {"name": f"Customer {site}", "number": f"K-{site}"}, path="customer"
        ),
        location=RecordDraft(LOCATION, f"L-{site}", {"name": f"Site {site}"}, path="location"),
    )
    return TargetDraft(f"T-{target}", values={"title": f"Visit {site}"}, records=records)


def _job(client: IntegrationClient, items: int) -> ImportJob:
    job: ImportJob = ImportJob.objects.create(
        tenant=client.tenant,
        client=client,
        source_system=client.source_system,
        kind=ImportJob.Kind.BATCH,
        correlation_id="c",
        request_id="r",
        total_items=items,
        pending_items=items,
        created_at=client.created_at,
    )
    return job


@pytest.mark.parametrize("round_", range(4))
def test_sets_with_crossing_keys_lose_no_item(round_: int) -> None:
    erp = _erp()
    names = [f"{number:02}" for number in range(15)]
    drafts = [_draft(name, names[-1 - index]) for index, name in enumerate(names)]

    def call(order: list[TargetDraft]) -> Callable[[], Any]:
        job = _job(erp, len(order))
        items = [Placed(place_of(job_id=job.pk, index=index), draft) for index, draft in enumerate(order)]
        return lambda: work_off(Context(erp, job.pk), items)

    results = _together([call(drafts), call(drafts[::-1]), call(drafts[7:] + drafts[:7])])
    outcomes = [outcome for result in results for outcome in result]
    assert len(outcomes) == 45
    assert not [outcome.refusal for outcome in outcomes if outcome.refusal is not None]
    assert Counter(outcome.result for outcome in outcomes)["Created"] == 15
    assert Customer.objects.count() == Location.objects.count() == Target.objects.count() == 15
    for target in Target.objects.select_related("customer", "location"):
        assert target.customer is not None
        assert target.title == f"Visit {target.customer.number[2:]}"
        assert target.location is not None
        assert target.location.customer_id == target.customer_id
    assert not MappingReview.objects.exists()
    assert not ImportItem.objects.exists()


def test_sets_that_change_each_others_customers_do_not_deadlock() -> None:
    erp = _erp()
    for name in ("A", "B"):
        refer(erp.source_system, f"C-{name}", customer(erp.tenant, name=name))

    def changing(changed: str, linked: str, index: int) -> list[TargetDraft]:
        sent = {f"C-{changed}": {"industry": f"Industry {index}"}, f"C-{linked}": {}}
        return [
            TargetDraft(
                f"T-{index}-{name}",
                values={"title": "Visit"},
                records=RecordSet(customer=RecordDraft(CUSTOMER, name, values, path="customer")),
            )
            for name, values in sent.items()
        ]

    def call(drafts: list[TargetDraft]) -> Callable[[], Any]:
        job = _job(erp, len(drafts))
        items = [Placed(place_of(job_id=job.pk, index=i), draft) for i, draft in enumerate(drafts)]
        return lambda: work_off(Context(erp, job.pk), items)

    sets = [changing("BA"[index % 2], "AB"[index % 2], index) for index in range(40)]
    _together([call(drafts) for drafts in sets], at_once=8)
    assert Target.objects.count() == 80
    assert {row.name: row.industry[:8] for row in Customer.objects.all()} == {
        "A": "Industry",
        "B": "Industry",
    }
