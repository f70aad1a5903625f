"""A set of items at once: in order, with statements whose number does not depend on its length."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.matching.drafts import CONTACT, CUSTOMER, LOCATION, RecordDraft, RecordSet
from customers.models import Contact, Customer, ExternalReference, Location, TimelineEntry
from integrations.models import IntegrationClient
from targets.imports.models import ImportJob, MappingReview, place_of
from targets.imports.pipeline.context import Context
from targets.imports.pipeline.drafts import TargetDraft
from targets.imports.pipeline.each import work_off_each
from targets.imports.pipeline.outcome import Outcome
from targets.imports.pipeline.run import Placed
from targets.models import Target
from tests import factories
from tests.customers.rows import customer, refer

pytestmark = pytest.mark.django_db


def _draft(target: str, **members: Any) -> TargetDraft:
    drafts = {
        kind: RecordDraft(kind, sent.pop("external_id", ""), sent, path=kind)
        for kind in (CUSTOMER, LOCATION, CONTACT)
        if (sent := dict(members.pop(kind, {})))
    }
    members = {"values": {"title": "Visit"}, **members}
    return TargetDraft(target, records=RecordSet(**drafts), **members)


def _work(client: IntegrationClient, drafts: list[TargetDraft], **how: Any) -> list[Outcome]:
    job = ImportJob.objects.create(
        tenant=client.tenant,
        client=client,
        source_system=client.source_system,
        kind=ImportJob.Kind.BATCH,
        correlation_id="c",
        request_id="r",
        total_items=len(drafts),
        pending_items=len(drafts),
        created_at=client.created_at,
    )
    items = [Placed(place_of(job_id=job.pk, index=index), draft) for index, draft in enumerate(drafts)]
    return work_off_each(Context(client, job.pk), items, **how)


def _statuses(outcomes: list[Outcome]) -> list[str]:
    return [(outcome.mapping_json or {}).get("status", "") for outcome in outcomes]


def _full(number: int) -> TargetDraft:
    return _draft(
        f"T-{number}",
        customer={"external_id": f"C-{number}", "name": f"Customer {number}", "number": f"K-{number}"},
        location={"external_id": f"L-{number}", "name": f"Site {number}"},
        contact={"external_id": f"P-{number}", "display_name": f"Anna {number}", "email": f"a{number}@b.de"},
    )


def _statements(client: IntegrationClient, drafts: list[TargetDraft]) -> tuple[int, list[str]]:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        outcomes = _work(client, drafts)
    return len(queries), _statuses(outcomes)


@pytest.mark.parametrize("policy", [{}, {"mapping_fallbacks": ["customerNumber", "email", "phone"]}])
def test_the_number_of_statements_does_not_depend_on_the_length(tenant: Any, policy: dict[str, Any]) -> None:
    counts = {}
    for length in (5, 200):
        client = factories.client(tenant=factories.tenant(), **factories.ALL_SWITCHES, **policy)
        drafts = [_full(number) for number in range(length)]
        new, statuses = _statements(client, drafts)
        assert statuses == ["Created"] * length
        known, statuses = _statements(client, drafts)
        assert statuses == ["Mapped"] * length
        changed = [
            _draft(
                f"T-{number}",
                values={"title": "Repair"},
                customer={"external_id": f"C-{number}", "name": "Renamed"},
            )
            for number in range(length)
        ]
        updated, statuses = _statements(client, changed)
        counts[length] = (new, known, updated)
    assert counts[5] == counts[200]
    assert max(counts[5]) <= 20


def test_the_number_of_statements_for_doubts_does_not_depend_on_the_length(tenant: Any) -> None:
    counts = []
    for length in (5, 200):
        client = factories.client(tenant=factories.tenant(), mapping_strategy="ManualOnly")
        count, statuses = _statements(client, [_full(number) for number in range(length)])
        assert statuses == ["NeedsReview"] * length
        counts.append(count)
    assert counts[0] == counts[1]
    assert MappingReview.objects.count() == 3 * 205


def test_a_later_item_finds_what_an_earlier_one_created(erp: IntegrationClient) -> None:
    records = {
        "customer": {"external_id": "C-1", "name": "Rhein Ruhr"},
        "location": {"external_id": "L-1", "name": "Werk"},
        "contact": {"external_id": "P-1", "display_name": "Anna"},
    }
    outcomes = _work(erp, [_draft("T-1", **records), _draft("T-2", **records)])
    assert _statuses(outcomes) == ["Created", "Mapped"]
    first, second = (outcome.mapping_json or {} for outcome in outcomes)
    for name in ("customerId", "customerLocationId", "customerContactId"):
        assert first[name] == second[name] is not None
    assert (Customer.objects.count(), Location.objects.count(), Contact.objects.count()) == (1, 1, 1)
    assert ExternalReference.objects.count() == 3
    assert Target.objects.filter(customer__isnull=False, location__isnull=False).count() == 2


def test_a_target_twice_in_a_set_is_worked_off_in_order(erp: IntegrationClient) -> None:
    a = {"external_id": "C-A", "name": "A"}
    outcomes = _work(
        erp,
        [
            _draft("T-1", customer=a, location={"external_id": "L-A", "name": "Werk"}),
            _draft("T-1", customer={"external_id": "C-B", "name": "B"}),
            _draft("T-1", customer={"external_id": "C-B", "industry": "Steel"}),
        ],
    )
    assert [outcome.result for outcome in outcomes] == ["Created", "Updated", "Unchanged"]
    target = Target.objects.get()
    assert target.customer is not None
    assert (target.customer.name, target.customer.industry, target.location) == ("B", "Steel", None)
    assert target.revision == 2
    assert Location.objects.get().customer.name == "A"


def test_a_later_item_changes_what_an_earlier_one_created(erp: IntegrationClient) -> None:
    _work(
        erp,
        [
            _draft("T-1", customer={"external_id": "C-1", "name": "Old", "email": "a@b.de"}),
            _draft("T-2", customer={"external_id": "C-1", "name": "New", "email": "C@D.de"}),
        ],
    )
    row = Customer.objects.get()
    assert (row.name, row.name_key, row.email_key) == ("New", "new", "c@d.de")
    actions = TimelineEntry.objects.filter(subject_type="customers.customer").values_list("action", flat=True)
    assert list(actions) == ["customer.created"]


def test_a_later_item_falls_back_on_what_an_earlier_one_made_true(erp: IntegrationClient) -> None:
    erp.mapping_fallbacks = ["email"]
    erp.create_customers = False
    row = customer(erp.tenant, email="old@b.de")
    refer(erp.source_system, "C-1", row)
    outcomes = _work(
        erp,
        [
            _draft("T-1", customer={"external_id": "C-1", "email": "new@b.de"}),
            _draft("T-2", customer={"external_id": "C-2", "email": "old@b.de"}),
            _draft("T-3", customer={"external_id": "C-3", "email": "New@b.de"}),
        ],
    )
    assert [(outcome.mapping_json or {})["customerId"] for outcome in outcomes] == [row.pk, None, row.pk]


def test_one_number_for_two_new_customers_of_a_set_is_a_conflict(erp: IntegrationClient) -> None:
    outcomes = _work(
        erp,
        [
            _draft("T-1", customer={"external_id": "C-1", "name": "A", "number": "K-1"}),
            _draft("T-2", customer={"external_id": "C-2", "name": "B", "number": "K-1"}),
        ],
    )
    assert _statuses(outcomes) == ["Created", "NeedsReview"]
    assert MappingReview.objects.get().candidates == [{"id": Customer.objects.get().pk}]


def test_a_refused_item_creates_no_customer_while_its_neighbours_do(erp: IntegrationClient) -> None:
    outcomes = _work(
        erp,
        [
            _draft("T-1", customer={"external_id": "C-1", "name": "A"}),
            _draft("T-2", operation="update", customer={"external_id": "C-2", "name": "B"}),
            _draft("T-3", customer={"external_id": "C-3", "name": "C"}),
        ],
    )
    assert [outcome.refusal is not None for outcome in outcomes] == [False, True, False]
    assert sorted(Customer.objects.values_list("name", flat=True)) == ["A", "C"]
    assert ExternalReference.objects.count() == 2


def test_what_a_refused_item_would_have_created_is_created_by_a_later_one(erp: IntegrationClient) -> None:
    sent = {"external_id": "C-1", "name": "A"}
    outcomes = _work(erp, [_draft("T-1", operation="update", customer=sent), _draft("T-2", customer=sent)])
    assert _statuses(outcomes) == ["", "Created"]
    assert Target.objects.get().customer == Customer.objects.get()


def test_a_change_back_and_forth_within_a_set_is_no_change(erp: IntegrationClient) -> None:
    row = customer(erp.tenant, name="A")
    refer(erp.source_system, "C-1", row)
    _work(
        erp,
        [
            _draft("T-1", customer={"external_id": "C-1", "name": "B"}),
            _draft("T-2", customer={"external_id": "C-1", "name": "A"}),
        ],
    )
    row.refresh_from_db()
    assert row.name == "A"
    assert not TimelineEntry.objects.filter(action="customer.updated").exists()


def test_validating_only_a_set_writes_nothing_and_gives_no_new_ids(erp: IntegrationClient) -> None:
    drafts = [_full(1), _full(1), _full(2)]
    outcomes = _work(erp, drafts, validate_only=True)
    assert _statuses(outcomes) == ["Created", "Mapped", "Created"]
    for outcome in outcomes:
        told = outcome.mapping_json or {}
        assert (told["customerId"], told["customerLocationId"], told["customerContactId"]) == (None,) * 3
        assert outcome.target is not None
        assert outcome.target.pk is None
    for model in (Customer, Location, Contact, ExternalReference, Target, TimelineEntry):
        assert not model._default_manager.exists()
    assert _statuses(_work(erp, drafts)) == ["Created", "Mapped", "Created"]
