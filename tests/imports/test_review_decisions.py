"""A manager decides: reference, targets, items, counters and later imports follow."""

from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Contact, Customer, ExternalReference, Location, TimelineEntry
from integrations.models import IntegrationClient
from ordinavo.kernel import reactions
from ordinavo.kernel.errors import Conflict, NotFound
from ordinavo.tenants.models import AuditEntry, Role, Tenant, User
from ordinavo.tenants.services.members import add_member
from targets.imports.models import ImportItem, ImportJob, MappingReview, ReviewedItem
from targets.imports.pipeline.chunk import work_chunk
from targets.imports.services.reviews import create_from_review, dismiss_review, link_review
from targets.imports.tasks import ring
from targets.models import Target
from tests import factories
from tests.api import Api
from tests.customers.rows import contact, customer, location, refer
from tests.imports.mapped import client, ids, mapped, matched_by, told
from tests.imports.sending import imported, send

pytestmark = pytest.mark.django_db

SENT = {"externalId": "C-1", "name": "Rhein Ruhr Maschinenbau", "customerNumber": "K-1"}
FLAT = {"name": "Rhein Ruhr", "customerNumber": "K-1"}


@pytest.fixture
def pair(tenant: Tenant) -> list[Customer]:
    """Two customers with one number."""
    return [customer(tenant, number="K-1"), customer(tenant, number="K-1")]


@pytest.fixture
def crm(erp: IntegrationClient, pair: list[Customer]) -> Api:
    """A client that looks for numbers, and creates nothing."""
    return client(erp, mapping_strategy="ExternalIdThenCustomerNumber")


@pytest.fixture
def manager(tenant: Tenant) -> User:
    return add_member(tenant=tenant, email="m@x.example", role=Role.MANAGER).user


def open_review(**fields: Any) -> MappingReview:
    return MappingReview.objects.get(status="open", **fields)


def target(external_id: str = "T-1") -> Target:
    return Target.objects.get(external_id=external_id)


def links(row: Target) -> tuple[int | None, ...]:
    return row.customer_id, row.location_id, row.contact_id


def counters(job: ImportJob) -> tuple[int, int]:
    return job.needs_review_items, job.warning_items


def test_linking_settles_reference_target_item_and_counters(
    crm: Api, pair: list[Customer], manager: User
) -> None:
    mapped(crm, customer=SENT)
    assert counters(ImportJob.objects.get()) == (1, 1)

    review = link_review(review=open_review(), record=pair[1], actor=manager)

    assert (review.status, review.chosen_id, review.decided_by) == ("linked", pair[1].pk, manager)
    review.refresh_from_db()
    assert (review.status, review.chosen_id, review.decided_by) == ("linked", pair[1].pk, manager)
    assert review.decided_at is not None
    reference = ExternalReference.objects.get()
    assert (reference.external_id, reference.customer, reference.matched_by) == ("C-1", pair[1], "manual")
    assert (links(target()), target().revision) == ((pair[1].pk, None, None), 2)
    item = ImportItem.objects.get()
    assert item.mapping == target().mapping
    assert (item.mapping_status, item.mapping["status"], item.draft) == ("Mapped", "Mapped", None)
    assert matched_by(item.mapping) == {"customer": "manual"}
    assert counters(ImportJob.objects.get()) == (0, 0)


def test_a_decision_is_written_down(crm: Api, pair: list[Customer], manager: User) -> None:
    mapped(crm, customer=SENT)
    review = link_review(review=open_review(), record=pair[0], actor=manager)

    lines = TimelineEntry.objects.filter(actor=manager).order_by("id")
    about = {"reviewId": review.pk, "sourceSystem": "logistics_erp", "externalId": "C-1"}
    assert [(line.subject_type, line.subject_id, line.action, line.details) for line in lines] == [
        ("customers.customer", pair[0].pk, "customer.linked", about),
        ("targets.target", target().pk, "target.updated", {"changes": {"customer": [None, pair[0].pk]}}),
    ]
    entry = AuditEntry.objects.get(action="mapping_review.linked")
    assert (entry.actor, entry.tenant, entry.subject_id) == (manager, review.tenant, review.pk)
    assert entry.details == {**about, "customerId": pair[0].pk, "items": 1}


def test_everything_that_waits_follows_whatever_request_it_came_with(
    crm: Api, pair: list[Customer], erp: IntegrationClient
) -> None:
    other = client(erp, mapping_strategy="ExternalIdThenCustomerNumber")
    for number, api in enumerate((crm, other, crm)):
        mapped(api, externalId=f"T-{number}", customer={**SENT, "industry": str(number)})

    link_review(review=open_review(), record=pair[0], actor=None)

    assert [row.customer for row in Target.objects.all()] == [pair[0]] * 3
    assert set(ImportItem.objects.values_list("mapping_status", flat=True)) == {"Mapped"}
    assert [counters(job)[0] for job in ImportJob.objects.all()] == [0, 0, 0]
    assert MappingReview.objects.count() == 1


def test_the_next_import_follows_a_link_without_a_question(crm: Api, pair: list[Customer]) -> None:
    mapped(crm, customer=SENT)
    link_review(review=open_review(), record=pair[0], actor=None)

    mapping = mapped(crm, externalId="T-2", customer={**SENT, "industry": "Steel"})

    assert (ids(mapping), matched_by(mapping)) == ((pair[0].pk, None, None), {"customer": "manual"})
    assert MappingReview.objects.count() == 1


def test_a_decided_external_id_is_asked_about_again_with_another_foreign_number(
    crm: Api, pair: list[Customer], tenant: Tenant
) -> None:
    mapped(crm, customer=SENT)
    link_review(review=open_review(), record=pair[0], actor=None)
    customer(tenant, number="K-2")

    mapping = mapped(crm, customer={**SENT, "customerNumber": "K-2"})

    assert (mapping["status"], told(mapping)) == ("NeedsReview", [("customer_number_conflict", "customer")])
    assert open_review().reason == "customer_number_conflict"


def test_a_number_conflict_once_decided_is_not_asked_again(
    crm: Api, pair: list[Customer], tenant: Tenant
) -> None:
    named = customer(tenant, number="K-9")
    refer(crm.client.source_system, "C-1", named)
    mapped(crm, customer=SENT)
    assert open_review().reason == "customer_number_conflict"

    link_review(review=open_review(), record=named, actor=None)
    mapping = mapped(crm, externalId="T-2", customer={**SENT, "name": "New name"})

    assert (target().customer, ids(mapping)[0]) == (named, named.pk)
    assert MappingReview.objects.count() == 1


def test_without_an_external_id_the_same_data_follow_the_decision(crm: Api, pair: list[Customer]) -> None:
    mapped(crm, customer=FLAT)
    link_review(review=open_review(), record=pair[1], actor=None)
    assert not ExternalReference.objects.exists()
    assert target().customer == pair[1]

    same = mapped(crm, externalId="T-2", customer={**FLAT, "name": " RHEIN  ruhr"})
    other = mapped(crm, externalId="T-3", customer={**FLAT, "name": "Maier"})

    assert (ids(same)[0], matched_by(same)) == (pair[1].pk, {"customer": "manual"})
    assert other["status"] == "NeedsReview"


def test_dismissing_links_nothing_and_asks_no_more_while_nothing_changes(
    crm: Api, pair: list[Customer], tenant: Tenant, manager: User
) -> None:
    mapped(crm, customer=SENT, location={"externalId": "L-1"})

    dismiss_review(review=open_review(), actor=manager)

    assert (links(target()), target().revision) == ((None, None, None), 1)
    item = ImportItem.objects.get()
    assert (item.mapping_status, told(item.mapping)) == ("NotMapped", [("customer_not_found", "customer")])
    assert counters(ImportJob.objects.get()) == (0, 1)
    assert AuditEntry.objects.get(action="mapping_review.dismissed").actor == manager
    assert not ExternalReference.objects.exists()

    assert mapped(crm, externalId="T-2", customer=SENT)["status"] == "NotMapped"
    assert MappingReview.objects.count() == 1
    customer(tenant, number="K-1")
    assert mapped(crm, externalId="T-3", customer=SENT)["status"] == "NeedsReview"
    assert mapped(crm, externalId="T-4", customer={**SENT, "name": "Other"})["status"] == "NeedsReview"
    assert MappingReview.objects.count() == 2


def test_dismissing_answers_all_that_wait_though_their_data_differ(crm: Api) -> None:
    mapped(crm, customer=SENT)
    mapped(crm, externalId="T-2", customer={**SENT, "name": "Newer"})

    review = dismiss_review(review=open_review(), actor=None)

    assert not MappingReview.objects.filter(status="open").exists()
    assert set(ImportItem.objects.values_list("mapping_status", flat=True)) == {"NotMapped"}
    assert review.record["name"] == "Newer"
    assert mapped(crm, externalId="T-3", customer={**SENT, "name": "Newer"})["status"] == "NotMapped"


def test_creating_makes_the_customer_and_links_it(crm: Api, pair: list[Customer], manager: User) -> None:
    mapped(crm, customer={**SENT, "email": "Info@Rhein.example", "phone": "0201 123456"})

    review = create_from_review(review=open_review(), actor=manager)

    made = Customer.objects.exclude(pk__in=[row.pk for row in pair]).get()
    assert review.chosen_id == made.pk
    assert (made.name, made.number, made.name_key, made.email_key) == (
        "Rhein Ruhr Maschinenbau",
        "K-1",
        "rhein ruhr maschinenbau",
        "info@rhein.example",
    )
    assert target().customer == made
    assert ExternalReference.objects.get().customer == made
    line = TimelineEntry.objects.get(subject_type="customers.customer", actor=manager)
    assert (line.action, line.subject_id) == ("customer.created", made.pk)
    assert ids(mapped(crm, externalId="T-2", customer=SENT))[0] == made.pk


def test_without_a_name_no_customer_is_created(crm: Api) -> None:
    mapped(crm, customer={"externalId": "C-1", "customerNumber": "K-1"})
    before = MappingReview.objects.values().get()

    with pytest.raises(Conflict, match="Without a name no customer can be created"):
        create_from_review(review=open_review(), actor=None)

    assert MappingReview.objects.values().get() == before
    assert (Customer.objects.count(), AuditEntry.objects.count()) == (2, 0)


def test_parts_that_were_left_because_of_the_customer_are_mapped_too(
    erp: IntegrationClient, pair: list[Customer]
) -> None:
    api = client(erp, mapping_strategy="ExternalIdThenCustomerNumber", create_locations=True)
    sent = {"location": {"externalId": "L-1", "city": "Essen"}, "contact": {"externalId": "P-1"}}
    mapped(api, customer=SENT, **sent)
    assert not Location.objects.exists()

    link_review(review=open_review(), record=pair[0], actor=None)

    made = Location.objects.get()
    assert (made.customer, made.name, links(target())) == (pair[0], "Essen", (pair[0].pk, made.pk, None))
    assert target().mapping["status"] == "PartiallyMapped"
    assert matched_by(target().mapping) == {"customer": "manual", "location": "created", "contact": None}
    assert ExternalReference.objects.get(kind="location").location == made
    assert counters(ImportJob.objects.get()) == (0, 1)


def test_a_part_that_comes_into_doubt_through_the_decision_becomes_a_review(
    erp: IntegrationClient, pair: list[Customer], tenant: Tenant
) -> None:
    api = client(erp, mapping_strategy="ExternalIdThenCustomerNumber")
    strangers = location(customer(tenant))
    refer(erp.source_system, "L-1", strangers)
    mapped(api, customer=SENT, location={"externalId": "L-1"})

    link_review(review=open_review(kind="customer"), record=pair[0], actor=None)

    assert links(target()) == (pair[0].pk, None, None)
    review = open_review(kind="location")
    assert review.reason == "location_of_other_customer"
    item = ImportItem.objects.get()
    assert ([waits.item for waits in review.waiting.all()], item.mapping_status) == ([item], "NeedsReview")
    assert counters(ImportJob.objects.get()) == (1, 1)

    own = location(pair[0])
    link_review(review=review, record=own, actor=None)
    assert links(target()) == (pair[0].pk, own.pk, None)
    assert ImportItem.objects.get().draft is None
    assert ExternalReference.objects.get(kind="location").location == own
    assert counters(ImportJob.objects.get()) == (0, 0)


def test_a_location_of_another_customer_is_not_linked(erp: IntegrationClient, tenant: Tenant) -> None:
    row, strangers = customer(tenant), location(customer(tenant))
    refer(erp.source_system, "C-1", row)
    refer(erp.source_system, "L-1", strangers)
    api = client(erp)
    mapped(api, customer={"externalId": "C-1"}, location={"externalId": "L-1"})

    with pytest.raises(Conflict, match="belongs to another customer"):
        link_review(review=open_review(), record=strangers, actor=None)

    assert links(target()) == (row.pk, None, None)
    assert ExternalReference.objects.get(kind="location").matched_by != "manual"


def test_a_location_is_created_for_the_customer_of_those_that_wait(
    erp: IntegrationClient, tenant: Tenant
) -> None:
    row, strangers = customer(tenant), location(customer(tenant))
    refer(erp.source_system, "C-1", row)
    refer(erp.source_system, "L-1", strangers)
    api = client(erp)
    mapped(api, customer={"externalId": "C-1"}, location={"externalId": "L-1", "city": "Essen"})

    create_from_review(review=open_review(), actor=None)

    made = Location.objects.exclude(pk=strangers.pk).get()
    assert (made.customer, made.city, links(target())) == (row, "Essen", (row.pk, made.pk, None))
    assert ids(mapped(api, externalId="T-2", location={"externalId": "L-1"})) == (row.pk, made.pk, None)


def test_a_part_of_an_unknown_customer_is_not_created(erp: IntegrationClient) -> None:
    api = client(erp, mapping_strategy="ManualOnly")
    mapped(api, customer={"externalId": "C-1", "name": "A"}, contact={"displayName": "Anna"})

    with pytest.raises(Conflict, match="customer of the contact must be known first"):
        create_from_review(review=open_review(kind="contact"), actor=None)

    assert not Contact.objects.exists()


def test_with_manual_only_each_record_is_decided_and_then_linked(erp: IntegrationClient) -> None:
    api = client(erp, mapping_strategy="ManualOnly")
    sent = {"customer": {"externalId": "C-1", "name": "A"}, "contact": {"displayName": "Anna"}}
    mapped(api, **sent)

    create_from_review(review=open_review(kind="customer"), actor=None)
    assert ImportItem.objects.get().mapping_status == "NeedsReview"
    create_from_review(review=open_review(kind="contact"), actor=None)

    made = Contact.objects.get()
    assert (made.customer, links(target())) == (Customer.objects.get(), (made.customer_id, None, made.pk))
    later = mapped(api, externalId="T-2", **sent)
    assert (later["status"], ids(later)) == ("Mapped", (made.customer_id, None, made.pk))
    assert not MappingReview.objects.filter(status="open").exists()


def test_namesakes_at_targets_of_two_customers_are_two_doubts(erp: IntegrationClient) -> None:
    api = client(erp, mapping_fallbacks=["phone"])
    for name in ("A", "B"):
        row = customer(erp.tenant)
        refer(erp.source_system, f"C-{name}", row)
        contact(row, phone="0201 123456"), contact(row, phone="0201 123456")
        mapped(api, externalId=f"T-{name}", customer={"externalId": f"C-{name}"})
        mapped(api, externalId=f"T-{name}", contact={"displayName": "Reception", "phone": "0201 123456"})
    assert MappingReview.objects.count() == 2

    review = MappingReview.objects.order_by("id")[0]
    chosen = Contact.objects.get(pk=review.candidates[0]["id"])
    link_review(review=review, record=chosen, actor=None)

    assert [row.contact for row in Target.objects.order_by("external_id")] == [chosen, None]


def test_a_target_that_has_other_customer_data_by_now_is_left_alone(
    crm: Api, pair: list[Customer], tenant: Tenant
) -> None:
    other = customer(tenant)
    refer(crm.client.source_system, "C-2", other)
    for name in ("T-1", "T-2", "T-3"):
        mapped(crm, externalId=name, customer=SENT)
    mapped(crm, externalId="T-1", customer={"externalId": "C-2"})
    send(crm, externalId="T-2", customer=None)
    before = list(Target.objects.exclude(external_id="T-3").order_by("id").values())

    link_review(review=open_review(), record=pair[0], actor=None)

    assert list(Target.objects.exclude(external_id="T-3").order_by("id").values()) == before
    assert (target("T-1").customer, target("T-2").customer) == (other, None)
    assert target("T-3").customer == pair[0]
    assert MappingReview.objects.filter(status="open").count() == 0
    assert not ImportItem.objects.filter(mapping_status="NeedsReview").exists()


def test_two_doubts_that_look_alike_are_not_taken_for_each_other(crm: Api, pair: list[Customer]) -> None:
    mapped(crm, customer=SENT)
    mapped(crm, customer={**SENT, "externalId": "C-2"})

    link_review(review=open_review(external_id="C-1"), record=pair[0], actor=None)
    assert target().customer is None
    assert target().mapping["status"] == "NeedsReview"

    link_review(review=open_review(external_id="C-2"), record=pair[1], actor=None)
    assert target().customer == pair[1]


def test_a_link_that_was_taken_away_since_does_not_come_back(erp: IntegrationClient, tenant: Tenant) -> None:
    row, strangers = customer(tenant), location(customer(tenant))
    refer(erp.source_system, "C-1", row)
    refer(erp.source_system, "L-1", strangers)
    api = client(erp)
    mapped(api, customer={"externalId": "C-1"}, location={"externalId": "L-1"})
    send(api, location=None)

    link_review(review=open_review(), record=location(row), actor=None)

    assert links(target()) == (row.pk, None, None)


def test_a_change_without_customer_data_does_not_hide_the_doubt(crm: Api, pair: list[Customer]) -> None:
    mapped(crm, customer=SENT)
    send(crm, title="Newer title")
    place = target().place

    link_review(review=open_review(), record=pair[0], actor=None)

    assert (target().customer, target().title, target().place) == (pair[0], "Newer title", place)


@pytest.mark.parametrize("status", ["Scheduled", "Completed", "Cancelled", "InProgress"])
def test_a_decision_links_targets_in_any_state(crm: Api, pair: list[Customer], status: str) -> None:
    mapped(crm, customer=SENT)
    Target.objects.update(status=status)

    link_review(review=open_review(), record=pair[0], actor=None)

    assert (target().customer, target().status) == (pair[0], status)


def test_whoever_plans_hears_of_a_scheduled_target_that_gets_its_location(
    erp: IntegrationClient, pair: list[Customer]
) -> None:
    api = client(erp, mapping_strategy="ExternalIdThenCustomerNumber", create_locations=True)
    for name in ("T-1", "T-2"):
        mapped(api, externalId=name, customer=SENT, location={"externalId": f"L-{name}", "city": "Essen"})
    Target.objects.filter(external_id="T-2").update(status="Scheduled")
    heard: list[Any] = []
    reactions.register("targets.replanned", heard.append)
    try:
        link_review(review=open_review(), record=pair[0], actor=None)
    finally:
        reactions.unregister("targets.replanned", heard.append)

    assert heard == [{target("T-2").pk}]


def test_a_review_is_decided_once(crm: Api, pair: list[Customer], tenant: Tenant) -> None:
    mapped(crm, customer=SENT)
    review = open_review()
    link_review(review=review, record=pair[0], actor=None)
    before = (
        MappingReview.objects.values().get(),
        Target.objects.values().get(),
        ExternalReference.objects.values().get(),
        AuditEntry.objects.count(),
    )

    for again in (
        partial(link_review, record=pair[1]),
        create_from_review,
        dismiss_review,
    ):
        with pytest.raises(Conflict, match=f"^Somebody has already linked it to {pair[0]} "):
            again(review=review, actor=None)

    after = (
        MappingReview.objects.values().get(),
        Target.objects.values().get(),
        ExternalReference.objects.values().get(),
        AuditEntry.objects.count(),
    )
    assert after == before
    assert Customer.objects.count() == 2


def test_records_of_others_of_another_kind_and_inactive_ones_are_refused(
    crm: Api, pair: list[Customer], tenant: Tenant
) -> None:
    mapped(crm, customer=SENT)
    stranger = customer(factories.tenant())
    Customer.objects.filter(pk=pair[1].pk).update(active=False)

    for record, refusal in ((stranger, NotFound), (location(pair[0]), NotFound), (pair[1], Conflict)):
        with pytest.raises(refusal):
            link_review(review=open_review(), record=record, actor=None)

    assert open_review().waiting.count() == 1
    assert target().customer is None


def test_a_reference_that_named_another_record_is_moved(crm: Api, tenant: Tenant) -> None:
    gone, right = customer(tenant, active=False), customer(tenant)
    refer(crm.client.source_system, "C-1", gone)
    mapped(crm, customer={"externalId": "C-1", "name": "A"})
    assert open_review().reason == "customer_inactive"

    link_review(review=open_review(), record=right, actor=None)

    reference = ExternalReference.objects.get()
    assert (reference.customer, reference.matched_by) == (right, "manual")
    assert mapped(crm, externalId="T-2", customer={"externalId": "C-1"})["customerId"] == right.pk


def test_a_reference_that_staff_deleted_is_asked_about_again(crm: Api, pair: list[Customer]) -> None:
    mapped(crm, customer=SENT)
    link_review(review=open_review(), record=pair[0], actor=None)
    ExternalReference.objects.all().delete()

    assert mapped(crm, customer=SENT)["status"] == "NeedsReview"


def test_items_of_a_batch_follow_too(crm: Api, pair: list[Customer], erp: IntegrationClient) -> None:
    items = [{"externalId": f"T-{n}", "title": "Visit", "customer": SENT} for n in range(3)]
    job_id = crm.post("/inbound/targets/batch", {"items": items}).json()["importJobId"]
    assert not work_chunk(job_id)
    assert ReviewedItem.objects.count() == 3

    link_review(review=open_review(), record=pair[0], actor=None)

    assert [row.customer for row in Target.objects.all()] == [pair[0]] * 3
    assert counters(ImportJob.objects.get()) == (0, 0)
    listed = crm.get(f"/import-jobs/{job_id}/items").json()["results"]
    assert {item["customerMapping"]["status"] for item in listed} == {"Mapped"}
    assert not ImportItem.objects.exclude(draft=None).exists()


def test_validating_only_foretells_a_decided_record(crm: Api, pair: list[Customer]) -> None:
    mapped(crm, customer=FLAT)
    link_review(review=open_review(), record=pair[0], actor=None)

    item = imported(send(crm, query="?validateOnly=true", externalId="T-2", customer=FLAT))

    assert ids(item["customerMapping"])[0] == pair[0].pk


def test_a_job_that_was_held_while_it_runs_is_rung_again(
    crm: Api, pair: list[Customer], settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.IMPORT_CHUNK = 1
    items = [{"externalId": f"T-{n}", "title": "Visit", "customer": SENT} for n in range(2)]
    job_id = crm.post("/inbound/targets/batch", {"items": items}).json()["importJobId"]
    assert work_chunk(job_id)

    with django_capture_on_commit_callbacks() as callbacks:
        link_review(review=open_review(), record=pair[0], actor=None)

    assert [(call.func, call.args) for call in callbacks] == [(ring, (job_id,))]
    assert not work_chunk(job_id)
    assert [row.customer for row in Target.objects.all()] == [pair[0]] * 2
    job = ImportJob.objects.get()
    assert (job.status, counters(job)) == ("Completed", (0, 0))


def test_a_decision_costs_the_same_however_many_wait(erp: IntegrationClient, pair: list[Customer]) -> None:
    api = client(erp, mapping_strategy="ExternalIdThenCustomerNumber", create_locations=True)
    costs = []
    for number, size in enumerate((2, 40)):
        sent = {**SENT, "externalId": f"C-{number}"}
        items = [
            {
                "externalId": f"T-{number}-{n}",
                "title": "Visit",
                "customer": sent,
                "location": {"externalId": f"L-{number}-{n}", "city": "Essen"},
            }
            for n in range(size)
        ]
        work_chunk(api.post("/inbound/targets/batch", {"items": items}).json()["importJobId"])
        with CaptureQueriesContext(connection) as captured:
            link_review(review=open_review(), record=pair[0], actor=None)
        costs.append(len(captured.captured_queries))

    assert Location.objects.count() == 42
    assert set(Target.objects.values_list("location__customer", flat=True)) == {pair[0].pk}
    assert costs[0] == costs[1]
