"""A decision can be taken back with all that it wrote, unless later facts stand against it."""

from collections.abc import Collection
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Alias, Customer, ExternalReference, Location, RefusedPair, TimelineEntry
from integrations.models import IntegrationClient
from ordinavo.kernel import reactions
from ordinavo.kernel.errors import Conflict
from ordinavo.tenants.models import AuditEntry, Tenant, User
from targets.imports.api.forms import judge_form
from targets.imports.models import ImportJob, MappingReview, ReviewDecision, SettledItem
from targets.imports.services.queueing import refuse_candidate
from targets.imports.services.reviews import create_from_review, dismiss_review, link_review
from targets.imports.services.undoing import foretell_undo, undo_decision
from targets.models import Target
from tests.api import Api
from tests.customers.rows import customer, refer
from tests.imports.batching import done, one
from tests.imports.deciding import SENT, decision, open_review, state
from tests.imports.mapped import client, mapped
from tests.imports.sending import send
from tests.webhooks import rows as hooks
from tests.webhooks.telling import told, types
from webhooks.models import Event

pytestmark = pytest.mark.django_db


def undo(**fields: Any) -> tuple[str, ...]:
    return undo_decision(decision=decision(), actor=None, **fields, judge=judge_form).sentences


def test_everything_is_as_it_was_before_a_link(
    crm: Api, pair: list[Customer], tenant: Tenant, manager: User
) -> None:
    for number in range(3):
        mapped(crm, externalId=f"T-{number}", customer=SENT)
    before = state(tenant)
    link_review(review=open_review(), record=pair[1], actor=manager)
    assert state(tenant)["aliases"] == [(pair[1].pk, None, "Rhein Ruhr GmbH")]

    undone = undo_decision(decision=decision(), actor=manager, judge=judge_form)

    assert state(tenant) == before
    assert undone.review == open_review()
    assert undone.sentences == (
        "3 targets lose what the decision linked.",
        "3 imports wait for a decision again.",
        "The external id C-1 is not known any more.",
        "The name Rhein Ruhr GmbH is forgotten.",
    )
    stored = decision()
    assert (stored.verb, stored.undone_by, stored.undone_at is not None) == ("linked", manager, True)
    assert Target.objects.order_by("pk")[0].revision == 3


def test_what_is_taken_back_is_told_and_audited(crm: Api, pair: list[Customer], manager: User) -> None:
    hooks.subscription(crm.client, "customer_mapping.resolved")
    mapped(crm, customer=SENT)
    review = link_review(review=open_review(), record=pair[1], actor=manager)
    before = Event.objects.count()

    undo_decision(decision=decision(), actor=manager, judge=judge_form)

    assert types()[before:] == ["customer_mapping.resolved"]
    payload = told()[-1]
    assert payload["mappingReview"]["status"] == "Reopened"
    assert payload["mappingReview"]["mappingStatus"] == "NeedsReview"
    assert "customer" not in payload
    entry = AuditEntry.objects.get(action="mapping_review.undone")
    assert (entry.actor, entry.subject_id, entry.details["verb"]) == (manager, review.pk, "linked")
    line = TimelineEntry.objects.filter(subject_type="customers.customer", subject_id=pair[1].pk).latest("id")
    assert (line.action, line.actor, line.details["reviewId"]) == (
        "customer.decision_undone",
        manager,
        review.pk,
    )


@pytest.mark.parametrize("verb", [create_from_review, dismiss_review])
def test_everything_is_as_it_was_before_creating_and_dismissing(verb: Any, crm: Api, tenant: Tenant) -> None:
    mapped(crm, customer=SENT)
    mapped(crm, externalId="T-2", customer={"name": "Flat", "customerNumber": "K-1"})
    before = state(tenant)
    review = MappingReview.objects.get(external_id="C-1")
    verb(review=review, actor=None)
    assert state(tenant) != before

    undo()

    assert state(tenant) == before


def test_what_the_client_created_on_the_way_goes_with_it(
    erp: IntegrationClient, tenant: Tenant, pair: list[Customer]
) -> None:
    api = client(
        erp,
        mapping_strategy="ExternalIdThenCustomerNumber",
        create_locations=True,
        create_contacts=True,
    )
    mapped(
        api,
        customer=SENT,
        location={"externalId": "L-1", "city": "Essen"},
        contact={"externalId": "K-1", "displayName": "Anna"},
    )
    before = state(tenant)
    link_review(review=open_review(), record=pair[0], actor=None)
    assert Location.objects.count() == 1

    sentences = undo()

    assert state(tenant) == before
    assert "The location Essen is deleted, since nothing else uses it." in sentences
    assert "The contact Anna is deleted, since nothing else uses it." in sentences


def test_a_created_record_stays_if_something_else_uses_it(crm: Api, tenant: Tenant) -> None:
    mapped(crm, customer=SENT)
    create_from_review(review=open_review(), actor=None)
    made = Customer.objects.get(name="Rhein Ruhr GmbH")
    refer(crm.client.source_system, "ELSE", made)

    sentences = undo()

    assert "The customer Rhein Ruhr GmbH stays: it has been used or changed since." in sentences
    assert Customer.objects.filter(pk=made.pk).exists()
    assert list(ExternalReference.objects.values_list("external_id", flat=True)) == ["ELSE"]


def test_a_created_record_stays_if_work_at_a_later_target_is_under_way(crm: Api) -> None:
    mapped(crm, customer=SENT)
    create_from_review(review=open_review(), actor=None)
    mapped(crm, externalId="T-2", customer=SENT)
    Target.objects.filter(external_id="T-2").update(status="InProgress")

    sentences = undo()

    made = Customer.objects.get(name="Rhein Ruhr GmbH")
    assert [row.customer for row in Target.objects.order_by("external_id")] == [None, made]
    assert sentences[-2:] == (
        "The customer Rhein Ruhr GmbH stays: it has been used or changed since.",
        "1 target that came later stays linked: work there is under way or done.",
    )


def test_corrections_are_taken_back_unless_somebody_changed_them_since(
    crm: Api, pair: list[Customer], tenant: Tenant
) -> None:
    mapped(crm, customer=SENT)
    before = state(tenant)
    correct = {"name": ("Nord", "Rhein Ruhr GmbH"), "email": ("", "post@rr.example")}
    link_review(review=open_review(), record=pair[0], actor=None, corrections=correct)
    pair[0].refresh_from_db()
    assert (pair[0].name, pair[0].name_key, pair[0].email) == (
        "Rhein Ruhr GmbH",
        "rhein ruhr gmbh",
        "post@rr.example",
    )
    assert list(Alias.objects.values_list("name", flat=True)) == ["Nord"]
    Customer.objects.filter(pk=pair[0].pk).update(email="other@rr.example")

    with pytest.raises(Conflict, match=r"The customer Rhein Ruhr GmbH has been changed since \(email\)"):
        undo()

    Customer.objects.filter(pk=pair[0].pk).update(email="post@rr.example")
    undo()
    assert state(tenant) == before


@pytest.mark.parametrize(("status", "word"), [("Completed", "completed"), ("InProgress", "being worked on")])
def test_work_on_a_target_stands_against_it(
    status: str, word: str, crm: Api, pair: list[Customer], tenant: Tenant
) -> None:
    mapped(crm, customer=SENT)
    link_review(review=open_review(), record=pair[0], actor=None)
    Target.objects.update(status=status)
    before = state(tenant)

    for attempt in (undo, partial(foretell_undo, decision=decision(), actor=None, judge=judge_form)):
        with pytest.raises(Conflict, match=f"Target T-1 is {word}: its customer stays."):
            attempt()

    assert state(tenant) == before


def test_a_target_with_other_customer_data_since_is_left_alone(crm: Api, pair: list[Customer]) -> None:
    mapped(crm, customer=SENT)
    link_review(review=open_review(), record=pair[0], actor=None)
    refer(crm.client.source_system, "C-9", pair[1])
    mapped(crm, customer={"externalId": "C-9"})

    assert "1 target stays as it is: other customer data came since." in undo()
    assert Target.objects.get().customer == pair[1]


def test_an_external_id_that_names_somebody_else_by_now_stands_against_it(
    crm: Api, pair: list[Customer]
) -> None:
    mapped(crm, customer=SENT)
    link_review(review=open_review(), record=pair[0], actor=None)
    ExternalReference.objects.update(customer=pair[1])

    with pytest.raises(Conflict, match="The external id C-1 names another customer by now"):
        undo()


def test_a_later_decision_about_the_same_imports_is_taken_back_first(
    erp: IntegrationClient, pair: list[Customer], tenant: Tenant
) -> None:
    api = client(erp, mapping_strategy="ManualOnly")
    mapped(api, customer=SENT, location={"externalId": "L-1", "name": "Werk", "city": "Essen"})
    before = state(tenant)
    link_review(review=open_review(kind="customer"), record=pair[0], actor=None)
    first = decision()
    create_from_review(review=open_review(kind="location"), actor=None)

    with pytest.raises(Conflict, match="Later on, the location Werk of the same imports was decided"):
        undo_decision(decision=first, actor=None, judge=judge_form)

    undo()
    undo_decision(decision=first, actor=None, judge=judge_form)
    assert state(tenant) == before


def test_a_decision_is_taken_back_once_and_may_be_made_anew(
    crm: Api, pair: list[Customer], tenant: Tenant
) -> None:
    mapped(crm, customer=SENT)
    link_review(review=open_review(), record=pair[0], actor=None)
    first = decision()
    undo()
    before = state(tenant)

    with pytest.raises(Conflict, match="taken back already"):
        undo_decision(decision=first, actor=None, judge=judge_form)
    assert state(tenant) == before

    link_review(review=open_review(), record=pair[1], actor=None)
    assert Target.objects.get().customer == pair[1]
    undo()
    assert state(tenant) == before


def test_a_doubt_that_came_back_since_is_decided_there(crm: Api, pair: list[Customer]) -> None:
    mapped(crm, customer=SENT)
    link_review(review=open_review(), record=pair[0], actor=None)
    first = decision()
    ExternalReference.objects.all().delete()
    mapped(crm, externalId="T-2", customer=SENT)
    assert open_review().pk != first.review_id

    with pytest.raises(Conflict, match="has come into doubt again since"):
        undo_decision(decision=first, actor=None, judge=judge_form)


def test_the_preview_says_the_same_and_writes_nothing(crm: Api, pair: list[Customer], tenant: Tenant) -> None:
    mapped(crm, customer=SENT)
    create_from_review(review=open_review(), actor=None)
    before = state(tenant)
    audited = AuditEntry.objects.count()

    foretold = foretell_undo(decision=decision(), actor=None, judge=judge_form)

    assert state(tenant) == before
    assert AuditEntry.objects.count() == audited
    assert decision().undone_at is None
    assert undo() == foretold.sentences
    assert foretold.sentences[-1] == "The customer Rhein Ruhr GmbH is deleted, since nothing else uses it."


def test_a_scheduled_target_whose_place_goes_is_planned_anew(
    erp: IntegrationClient, pair: list[Customer]
) -> None:
    api = client(erp, mapping_strategy="ExternalIdThenCustomerNumber", create_locations=True)
    mapped(api, customer=SENT, location={"externalId": "L-1", "city": "Essen"})
    link_review(review=open_review(), record=pair[0], actor=None)
    Target.objects.update(status="Scheduled")
    seen: list[list[int]] = []

    def note(ids: Collection[int]) -> None:
        seen.append(sorted(ids))

    reactions.register("targets.replanned", note)
    try:
        undo()
    finally:
        reactions.unregister("targets.replanned", note)

    assert Target.objects.get().location is None
    assert seen == [[Target.objects.get().pk]]


def test_later_imports_ask_again_after_the_decision_is_gone(crm: Api, pair: list[Customer]) -> None:
    mapped(crm, customer=SENT)
    link_review(review=open_review(), record=pair[0], actor=None)
    undo()

    answer = mapped(crm, externalId="T-2", customer=SENT)

    assert answer["status"] == "NeedsReview"
    assert open_review().waiting.count() == 2
    assert sum(ImportJob.objects.values_list("needs_review_items", flat=True)) == 2


def test_a_refused_candidate_is_proposed_no_more_until_that_is_taken_back(
    crm: Api, pair: list[Customer], tenant: Tenant, manager: User
) -> None:
    mapped(crm, customer=SENT)
    before = state(tenant)
    offered = open_review().candidates

    refuse_candidate(review=open_review(), record_id=pair[0].pk, actor=manager)

    assert [one["id"] for one in open_review().candidates] == [pair[1].pk]
    assert RefusedPair.objects.get().record_id == pair[0].pk
    undo()
    assert state(tenant) == before
    assert open_review().candidates == offered
    assert not RefusedPair.objects.exists()


def test_a_refusal_is_not_taken_back_under_a_decision(crm: Api, pair: list[Customer]) -> None:
    mapped(crm, customer=SENT)
    refuse_candidate(review=open_review(), record_id=pair[0].pk, actor=None)
    refusal = decision()
    link_review(review=open_review(), record=pair[1], actor=None)

    with pytest.raises(Conflict, match="The review was decided since"):
        undo_decision(decision=refusal, actor=None, judge=judge_form)

    undo()
    undo_decision(decision=refusal, actor=None, judge=judge_form)
    assert len(open_review().candidates) == 2


def test_what_was_settled_goes_with_its_items(crm: Api, pair: list[Customer]) -> None:
    send(crm, customer=SENT)
    link_review(review=open_review(), record=pair[0], actor=None)
    assert (ReviewDecision.objects.count(), SettledItem.objects.count()) == (1, 1)
    ImportJob.objects.all().delete()
    assert SettledItem.objects.count() == 0

    assert "The external id C-1 is not known any more." in undo()


def test_taking_back_many_created_places_costs_the_same_as_one(
    erp: IntegrationClient, tenant: Tenant
) -> None:
    api = client(erp, mapping_strategy="ExternalIdThenCustomerNumber", create_locations=True)

    def cost(name: str, count: int) -> int:
        both = [customer(tenant, number=name), customer(tenant, number=name)]
        sent = {"externalId": name, "customerNumber": name, "name": name}
        rows = [
            one(f"{name}-{n}", customer=sent, location={"externalId": f"{name}-{n}", "city": "Essen"})
            for n in range(count)
        ]
        done(api, rows)
        link_review(review=open_review(external_id=name), record=both[0], actor=None)
        assert Location.objects.count() == count
        with CaptureQueriesContext(connection) as captured:
            undo()
        assert not Location.objects.exists()
        return len(captured)

    assert cost("A", 2) == cost("B", 40)


def test_taking_back_costs_the_same_for_any_number_of_targets(crm: Api, tenant: Tenant) -> None:
    def cost(name: str, count: int) -> int:
        both = [customer(tenant, number=name), customer(tenant, number=name)]
        sent = {"externalId": name, "customerNumber": name, "name": name}
        done(crm, [one(f"{name}-{number}", customer=sent) for number in range(count)])
        link_review(review=open_review(external_id=name), record=both[0], actor=None)
        with CaptureQueriesContext(connection) as captured:
            undo()
        return len(captured)

    assert cost("A", 2) == cost("B", 60)
    assert Target.objects.filter(customer=None).count() == 62
