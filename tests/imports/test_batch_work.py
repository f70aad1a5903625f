"""Batches worked off chunk by chunk: order, repeated ids, every item code, statements, broken items."""

from collections.abc import Collection, Iterator

import pytest
from pytest_django import Settings

from customers.models import Contact, Customer, ExternalReference, Location, TimelineEntry
from integrations.models import IntegrationClient
from ordinavo.kernel.reactions import register, unregister
from targets.imports.models import ImportItem, ImportJob
from targets.imports.pipeline.chunk import work_chunk
from targets.imports.pipeline.write import CANCELLED
from targets.models import Target
from tests import factories
from tests.api import Api
from tests.imports.batching import accepted, counted, done, fates, items, job, many, one, whole, work

pytestmark = pytest.mark.django_db


def test_a_job_is_worked_off_by_index_one_chunk_at_a_time(api: Api, settings: Settings) -> None:
    settings.IMPORT_CHUNK = 3
    job_id = accepted(api, many(7))
    progress = []
    for more in (True, True, False):
        assert work_chunk(job_id) is more
        body = job(api, job_id)
        progress.append((body["status"], body["progressPercent"], counted(body)))
    assert progress == [
        ("Processing", 42, {"totalItems": 7, "pendingItems": 4, "createdItems": 3}),
        ("Processing", 85, {"totalItems": 7, "pendingItems": 1, "createdItems": 6}),
        ("Completed", 100, {"totalItems": 7, "createdItems": 7}),
    ]
    assert body["createdAt"] <= body["startedAt"] <= body["finishedAt"]
    assert not ImportItem.objects.exclude(draft=None).exists()


def test_a_finished_job_can_be_called_again_without_harm(api: Api) -> None:
    job_id = done(api, many(2))
    before = list(ImportJob.objects.values()), list(Target.objects.order_by("id").values())
    assert work_chunk(job_id) is False
    assert work_chunk(job_id + 1) is False
    assert (list(ImportJob.objects.values()), list(Target.objects.order_by("id").values())) == before


def test_items_tell_what_a_single_import_would_have_told(api: Api) -> None:
    done(api, [whole(1)])
    single = api.post("/inbound/targets", whole(1, unknown=1)).json()["items"][0]
    job_id = done(api, [whole(1, unknown=1)])
    assert items(api, job_id) == [single]


@pytest.mark.parametrize("chunk", [1, 2, 3, 500])
def test_an_id_that_stands_several_times_is_worked_off_in_order(
    api: Api, settings: Settings, chunk: int
) -> None:
    settings.IMPORT_CHUNK = chunk
    job_id = done(
        api,
        [
            one(1, operation="update"),
            one(1, title="First"),
            one(1, title="Second", planning={"priority": "High"}),
            one(1, operation="create"),
            {"externalId": "T-1", "operation": "cancel"},
            {"externalId": "T-1", "operation": "cancel"},
            one(1, title="Third"),
            one(1, title="Third"),
        ],
    )
    assert fates(api, job_id) == [
        "unknown_external_id",
        "Created duplicate_in_batch",
        "Updated duplicate_in_batch",
        "external_id_exists duplicate_in_batch",
        "Cancelled duplicate_in_batch",
        "Unchanged duplicate_in_batch",
        "Updated duplicate_in_batch target_reopened",
        "Unchanged duplicate_in_batch",
    ]
    target = Target.objects.get()
    assert (target.title, target.priority, target.status, target.revision) == ("Third", "High", "Open", 4)


def test_the_same_id_five_hundred_times_is_one_target(api: Api, settings: Settings) -> None:
    settings.IMPORT_CHUNK = 100
    job_id = done(api, [one(1, title=f"Title {number // 2}") for number in range(500)])
    assert counted(job(api, job_id)) == {
        "totalItems": 500,
        "createdItems": 1,
        "updatedItems": 249,
        "unchangedItems": 250,
        "warningItems": 499,
    }
    target = Target.objects.get()
    assert (target.title, target.revision) == ("Title 249", 250)


def test_a_thousand_items_for_one_customer_make_one_customer(api: Api, settings: Settings) -> None:
    settings.IMPORT_CHUNK = 400
    records = {name: whole(1)[name] for name in ("customer", "location", "contact")}
    job_id = done(api, many(1000, **records))
    assert counted(job(api, job_id)) == {"totalItems": 1000, "createdItems": 1000}
    assert [model.objects.count() for model in (Customer, Location, Contact, ExternalReference)] == [
        *(1, 1, 1),
        3,
    ]
    statuses = [item["customerMapping"]["status"] for item in items(api, job_id)]
    assert statuses == ["Created", *["Mapped"] * 999]
    assert set(Target.objects.values_list("customer", flat=True)) == {Customer.objects.get().pk}


def test_cancelling_what_nobody_knows_fails_and_changes_nothing(api: Api) -> None:
    done(api, [one(1000)])
    job_id = done(api, [{"externalId": f"T-{number}"} for number in range(300)], operation="cancel")
    body = job(api, job_id)
    assert (body["status"], counted(body)) == ("Failed", {"totalItems": 300, "rejectedItems": 300})
    assert set(fates(api, job_id)) == {"unknown_external_id"}
    assert Target.objects.get().status == "Open"


def _with_status(status: str, number: int) -> None:
    Target.objects.filter(external_id=f"T-{number}").update(status=status)


def test_every_item_code_stands_in_one_batch_beside_a_good_item(api: Api) -> None:
    done(api, many(5))
    _with_status("InProgress", 1)
    _with_status("Completed", 2)
    register(CANCELLED, _breaks)
    _with_status("Scheduled", 3)
    try:
        job_id = done(
            api,
            [
                {"title": "Nameless"},
                one(0, operation="create"),
                one(1, operation="cancel"),
                one(2, title="Other"),
                one(3, operation="cancel"),
                one(4, sourceSystem="crm"),
                one(5, operation="update"),
                one(6, title=5),
                one(7, title="Good"),
            ],
        )
    finally:
        unregister(CANCELLED, _breaks)
    assert fates(api, job_id) == [
        "missing_external_id",
        "external_id_exists",
        "target_in_progress",
        "target_closed",
        "internal_error",
        "source_system_not_allowed",
        "unknown_external_id",
        "validation_failed",
        "Created",
    ]
    assert counted(job(api, job_id)) == {"totalItems": 9, "createdItems": 1, "rejectedItems": 8}
    for item in items(api, job_id)[:8]:
        assert item["errorMessage"]
        assert item["errors"][0]["code"] in {item["errorCode"], "invalid"}
        assert "result" not in item
    states = Target.objects.order_by("external_id").values_list("external_id", "status", "title")
    assert list(states) == [
        ("T-0", "Open", "Visit"),
        ("T-1", "InProgress", "Visit"),
        ("T-2", "Completed", "Visit"),
        ("T-3", "Scheduled", "Visit"),
        ("T-4", "Open", "Visit"),
        ("T-7", "Open", "Good"),
    ]


# --- What breaks unforeseen --------------------------------------------------------------------------------


def _breaks(ids: Collection[int]) -> None:
    raise RuntimeError("A reaction broke.")


def _breaks_for_three(ids: Collection[int]) -> None:
    if Target.objects.filter(pk__in=ids, external_id="T-3").exists():
        raise RuntimeError("A reaction broke.")


@pytest.fixture
def _broken_reaction() -> Iterator[None]:
    register(CANCELLED, _breaks_for_three)
    yield
    unregister(CANCELLED, _breaks_for_three)


@pytest.mark.usefixtures("_broken_reaction")
def test_an_item_that_breaks_is_set_aside_alone_and_its_chunk_goes_on(api: Api) -> None:
    done(api, many(8))
    Target.objects.update(status="Scheduled")
    job_id = done(api, many(8), operation="cancel")
    assert fates(api, job_id) == [*["Cancelled"] * 3, "internal_error", *["Cancelled"] * 4]
    assert counted(job(api, job_id)) == {"totalItems": 8, "cancelledItems": 7, "rejectedItems": 1}
    assert list(Target.objects.filter(status="Scheduled").values_list("external_id", flat=True)) == ["T-3"]
    broken = api.get(f"/import-jobs/{job_id}/items?status=Rejected").json()["results"][0]
    message = "Something went wrong on our side. It has been logged."
    assert broken["errorMessage"] == message
    assert broken["errors"] == [{"path": "", "code": "internal_error", "message": message}]
    cancelled = TimelineEntry.objects.filter(action="target.cancelled")
    assert cancelled.count() == 7


def test_a_value_that_the_database_refuses_sets_its_item_aside_alone(api: Api) -> None:
    job_id = accepted(api, [whole(number) for number in range(7)])
    # No form lets such a title through; so this is what a fault in one would lead to.
    broken = ImportItem.objects.get(job=job_id, index=4)
    broken.draft["values"]["title"] = "x" * 201
    broken.save()
    work(job_id)
    assert fates(api, job_id) == [*["Created"] * 4, "internal_error", *["Created"] * 2]
    assert Target.objects.count() == Customer.objects.count() == 6
    assert not Customer.objects.filter(number="N-4").exists()


@pytest.mark.usefixtures("_broken_reaction")
def test_records_of_a_broken_item_are_made_by_the_next_one_that_needs_them(api: Api) -> None:
    done(api, many(5))
    Target.objects.filter(external_id="T-3").update(status="Scheduled")
    shared = {"customer": {"externalId": "C", "name": "Shared"}}
    job_id = done(api, [one(1), one(3, operation="cancel"), one(4, **shared), one(5, **shared)])
    assert fates(api, job_id) == ["Unchanged", "internal_error", "Updated", "Created"]
    assert Customer.objects.get().name == "Shared"
    assert set(Target.objects.exclude(customer=None).values_list("external_id", flat=True)) == {"T-4", "T-5"}


# --- Clients and tenants -----------------------------------------------------------------------------------


def test_a_batch_is_worked_off_for_the_client_that_sent_it(api: Api, erp: IntegrationClient) -> None:
    other = Api(factories.client(factories.tenant()))
    ours, theirs = accepted(api, [whole(1)]), accepted(other, [whole(1)])
    work(theirs)
    work(ours)
    assert [item["customerMapping"]["status"] for item in items(api, ours)] == ["Created"]
    assert [item["customerMapping"]["status"] for item in items(other, theirs)] == ["NotMapped"]
    assert set(Customer.objects.values_list("tenant", flat=True)) == {erp.tenant_id}
    assert Target.objects.filter(tenant=erp.tenant).count() == 1


def test_a_later_batch_that_is_worked_off_first_stays_on_top(api: Api) -> None:
    early, late = accepted(api, [one(1, title="Early"), one(2)]), accepted(api, [one(1, title="Late")])
    work(late)
    work(early)
    assert fates(api, late) == ["Created"]
    assert fates(api, early) == ["Unchanged superseded", "Created"]
    assert Target.objects.get(external_id="T-1").title == "Late"
