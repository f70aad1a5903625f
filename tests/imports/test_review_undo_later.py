"""Taking a decision back reaches the targets that came after it and followed it, too."""

from collections.abc import Collection
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Customer, ExternalReference, Location, TimelineEntry
from integrations.models import IntegrationClient
from ordinavo.kernel import reactions
from ordinavo.tenants.models import Tenant
from targets.imports.api.forms import judge_form
from targets.imports.models import ImportItem, ImportJob
from targets.imports.pipeline import later
from targets.imports.services.reviews import create_from_review, dismiss_review, link_review
from targets.imports.services.undoing import foretell_undo, undo_decision
from targets.models import Target
from tests import factories
from tests.api import Api
from tests.customers.rows import customer, location, refer
from tests.imports.batching import done, one
from tests.imports.deciding import SENT, decision, open_review, state
from tests.imports.mapped import client, mapped
from tests.webhooks import rows as hooks
from tests.webhooks.telling import told, types
from webhooks.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(tenant: Tenant) -> list[Customer]:
    """Two customers with one number."""
    return [customer(tenant, number="K-1", name="Nord"), customer(tenant, number="K-1", name="Sued")]


@pytest.fixture
def crm(erp: IntegrationClient, pair: list[Customer]) -> Api:
    """A client that looks for numbers, and creates nothing."""
    return client(erp, mapping_strategy="ExternalIdThenCustomerNumber")


def undo() -> tuple[str, ...]:
    return undo_decision(decision=decision(), actor=None, judge=judge_form).sentences


def linked() -> dict[str | None, str | None]:
    """By external id of the target, the name of its customer."""
    rows = Target.objects.select_related("customer")
    return {row.external_id: row.customer.name if row.customer else None for row in rows}


def waiting() -> list[str]:
    return sorted(open_review().waiting.values_list("item__external_id", flat=True))


def _note(heard: list[Any], ids: Collection[int]) -> None:
    heard.append(set(ids))


def decided(crm: Api, record: Customer, **records: Any) -> None:
    mapped(crm, externalId="T-1", customer=SENT, **records)
    link_review(review=open_review(kind="customer"), record=record, actor=None)


def test_later_targets_wait_again_and_follow_the_next_answer(crm: Api, pair: list[Customer]) -> None:
    decided(crm, pair[0])
    done(crm, [one("2", customer=SENT), one("3", customer=SENT)])
    assert linked() == {"T-1": "Nord", "T-2": "Nord", "T-3": "Nord"}

    sentences = undo()

    assert linked() == {"T-1": None, "T-2": None, "T-3": None}
    assert waiting() == ["T-1", "T-2", "T-3"]
    assert sentences == (
        "1 target loses what the decision linked.",
        "1 import waits for a decision again.",
        "The external id C-1 is not known any more.",
        "The name Rhein Ruhr GmbH is forgotten.",
        "2 targets that came later lose it, too, and wait for a decision.",
    )
    assert not ExternalReference.objects.exists()
    assert {(row.mapping or {})["status"] for row in Target.objects.all()} == {"NeedsReview"}
    assert sum(ImportJob.objects.values_list("needs_review_items", flat=True)) == 3

    link_review(review=open_review(), record=pair[1], actor=None)
    assert linked() == {"T-1": "Sued", "T-2": "Sued", "T-3": "Sued"}


def test_a_target_that_was_sent_again_since_follows_the_next_answer(crm: Api, pair: list[Customer]) -> None:
    decided(crm, pair[0])
    mapped(crm, externalId="T-1", customer=SENT, title="Another title")

    assert undo()[-1] == "1 target that came later loses it, too, and waits for a decision."
    assert (linked(), waiting()) == ({"T-1": None}, ["T-1", "T-1"])

    link_review(review=open_review(), record=pair[1], actor=None)
    assert linked() == {"T-1": "Sued"}


def test_the_preview_says_the_same_and_changes_nothing(
    crm: Api, pair: list[Customer], tenant: Tenant
) -> None:
    decided(crm, pair[0])
    mapped(crm, externalId="T-2", customer=SENT)
    before = state(tenant)

    foretold = foretell_undo(decision=decision(), actor=None, judge=judge_form).sentences

    assert state(tenant) == before
    assert foretold == undo()


def test_a_record_that_was_created_goes_though_later_targets_had_it(crm: Api, tenant: Tenant) -> None:
    mapped(crm, externalId="T-1", customer=SENT)
    customers = Customer.objects.count()
    create_from_review(review=open_review(), actor=None)
    mapped(crm, externalId="T-2", customer=SENT)

    assert "The customer Rhein Ruhr GmbH is deleted, since nothing else uses it." in undo()

    assert (Customer.objects.count(), linked()) == (customers, {"T-1": None, "T-2": None})
    assert waiting() == ["T-1", "T-2"]


def test_places_of_the_wrong_customer_go_with_it(crm: Api, pair: list[Customer]) -> None:
    place = location(pair[0], name="Werk")
    refer(crm.client.source_system, "L-1", place)
    decided(crm, pair[0])
    mapped(crm, externalId="T-2", customer=SENT, location={"externalId": "L-1", "name": "Werk"})
    assert Target.objects.get(external_id="T-2").location == place

    undo()

    target = Target.objects.get(external_id="T-2")
    assert (target.customer, target.location, target.contact) == (None, None, None)
    assert Location.objects.filter(pk=place.pk).exists()
    line = TimelineEntry.objects.filter(subject_type="targets.target", subject_id=target.pk).latest("pk")
    assert line.details["changes"] == {"customer": [pair[0].pk, None], "location": [place.pk, None]}


def test_doubts_that_only_the_wrong_link_had_raised_go_with_it(
    crm: Api, pair: list[Customer], tenant: Tenant
) -> None:
    stranger = location(customer(tenant, name="West"), name="Werk")
    refer(crm.client.source_system, "L-1", stranger)
    decided(crm, pair[0])
    mapped(crm, externalId="T-2", customer=SENT, location={"externalId": "L-1", "name": "Werk"})
    assert open_review(kind="location").reason == "location_of_other_customer"

    undo()

    assert (waiting(), open_review().kind) == (["T-1", "T-2"], "customer")


def test_targets_that_others_led_there_stay(crm: Api, pair: list[Customer], erp: IntegrationClient) -> None:
    decided(crm, pair[0])
    refer(crm.client.source_system, "C-9", pair[0])
    refer(factories.source_system(crm.client.tenant, "portal"), "C-1", pair[0])
    portal = client(erp, source="portal", mapping_strategy="ExternalIdFirst")
    mapped(crm, externalId="T-9", customer={"externalId": "C-9", "name": "Nord"})
    mapped(portal, externalId="P-1", customer={"externalId": "C-1", "name": "Nord"})

    undo()

    assert linked() == {"T-1": None, "T-9": "Nord", "P-1": "Nord"}
    assert waiting() == ["T-1"]


def test_without_an_external_id_the_same_data_follow(crm: Api, pair: list[Customer]) -> None:
    sent = {"name": "Rhein Ruhr GmbH", "customerNumber": "K-1"}
    mapped(crm, externalId="T-1", customer=sent)
    link_review(review=open_review(), record=pair[0], actor=None)
    mapped(crm, externalId="T-2", customer=sent)
    assert linked() == {"T-1": "Nord", "T-2": "Nord"}

    undo()

    assert (linked(), waiting()) == ({"T-1": None, "T-2": None}, ["T-1", "T-2"])


def test_what_would_be_known_without_the_decision_is_mapped_anew(crm: Api, pair: list[Customer]) -> None:
    decided(crm, pair[0])
    mapped(crm, externalId="T-2", customer={**SENT, "customerNumber": "K-2"})
    found = customer(crm.client.tenant, number="K-2", name="West")

    assert undo()[-1] == "1 target that came later is mapped anew, as if it came now."

    assert (linked(), waiting()) == ({"T-1": None, "T-2": "West"}, ["T-1"])
    assert ExternalReference.objects.get().customer == found


@pytest.mark.parametrize("status", ["InProgress", "Completed"])
def test_later_targets_with_work_under_way_or_done_stay_and_hinder_nothing(
    status: str, crm: Api, pair: list[Customer]
) -> None:
    decided(crm, pair[0])
    mapped(crm, externalId="T-2", customer=SENT)
    Target.objects.filter(external_id="T-2").update(status=status)

    assert undo()[-1] == "1 target that came later stays linked: work there is under way or done."
    assert (linked(), waiting()) == ({"T-1": None, "T-2": "Nord"}, ["T-1"])


def test_a_dismissal_says_that_later_imports_stay_without_a_link(crm: Api) -> None:
    mapped(crm, externalId="T-1", customer=SENT)
    dismiss_review(review=open_review(), actor=None)
    mapped(crm, externalId="T-2", customer=SENT)

    assert undo()[-1] == "Where the customer came later, it stays without a link until it is sent again."
    assert waiting() == ["T-1"]
    assert mapped(crm, externalId="T-2", customer=SENT)["status"] == "NeedsReview"


def test_receivers_are_told_of_later_targets_too(crm: Api, pair: list[Customer]) -> None:
    hooks.subscription(crm.client, "customer_mapping.resolved")
    decided(crm, pair[0])
    mapped(crm, externalId="T-2", customer=SENT)
    before = Event.objects.count()

    undo()

    assert types()[before:] == ["customer_mapping.resolved"] * 2
    assert {payload["target"]["externalId"] for payload in told()[before:]} == {"T-1", "T-2"}
    assert {payload["mappingReview"]["status"] for payload in told()[before:]} == {"Reopened"}


def test_a_planned_target_that_loses_its_place_is_flagged(crm: Api, pair: list[Customer]) -> None:
    heard: list[Any] = []
    note = partial(_note, heard)
    refer(crm.client.source_system, "L-1", location(pair[0], name="Werk"))
    decided(crm, pair[0])
    mapped(crm, externalId="T-2", customer=SENT, location={"externalId": "L-1", "name": "Werk"})
    target = Target.objects.get(external_id="T-2")
    Target.objects.filter(pk=target.pk).update(status="Scheduled")

    reactions.register("targets.replanned", note)
    try:
        undo()
    finally:
        reactions.unregister("targets.replanned", note)

    assert heard == [{target.pk}]


def test_no_more_are_looked_at_than_can_be_done_at_once(
    crm: Api, pair: list[Customer], monkeypatch: pytest.MonkeyPatch
) -> None:
    decided(crm, pair[0])
    done(crm, [one(number, customer=SENT) for number in range(2, 5)])
    monkeypatch.setattr(later, "MOST_LATER", 2)

    assert "targets are looked at: others stay until they are sent again." in undo()[-1]
    assert linked() == {"T-1": None, "T-2": "Nord", "T-3": None, "T-4": None}


def test_many_later_targets_cost_as_few_statements_as_one(crm: Api, pair: list[Customer]) -> None:
    def cost(first: int, count: int) -> int:
        link_review(review=open_review(), record=pair[0], actor=None)
        done(crm, [one(number, customer=SENT) for number in range(first, first + count)])
        with CaptureQueriesContext(connection) as captured:
            undo()
        return len(captured)

    mapped(crm, externalId="T-1", customer=SENT)
    cost(2, 1)

    assert cost(10, 2) == cost(100, 20)
    assert ImportItem.objects.filter(mapping_status="NeedsReview").count() == 24
