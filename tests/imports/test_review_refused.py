"""A pair that a manager refused is never proposed again, and never linked by evidence."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Customer, ExternalReference, RefusedPair
from integrations.models import IntegrationClient
from ordinavo.kernel.errors import Conflict, NotFound
from ordinavo.tenants.models import AuditEntry, Tenant, User
from targets.imports.models import MappingReview, SkippedReview
from targets.imports.services.queueing import refuse_candidate, skip_review
from targets.imports.services.reviews import dismiss_review, link_review
from targets.models import Target
from tests import factories
from tests.api import Api
from tests.customers.rows import customer
from tests.imports.batching import done, one
from tests.imports.deciding import SENT, open_review
from tests.imports.mapped import mapped, matched_by, told

pytestmark = pytest.mark.django_db


def offered() -> list[int]:
    return [candidate["id"] for candidate in open_review().candidates]


def test_a_new_review_of_the_record_leaves_out_who_was_refused(crm: Api, pair: list[Customer]) -> None:
    mapped(crm, customer=SENT)
    refuse_candidate(review=open_review(), record_id=pair[0].pk, actor=None)
    dismiss_review(review=open_review(), actor=None)

    # Other data make a new question.
    mapped(crm, externalId="T-2", customer={**SENT, "name": "Other"})

    assert offered() == [pair[1].pk]
    assert Target.objects.get(external_id="T-2").customer is None


def test_the_last_one_left_is_not_linked_by_itself(crm: Api, pair: list[Customer]) -> None:
    mapped(crm, customer=SENT)
    refuse_candidate(review=open_review(), record_id=pair[0].pk, actor=None)

    answer = mapped(crm, externalId="T-2", customer=SENT)

    assert (answer["status"], told(answer)) == ("NeedsReview", [("ambiguous_customer", "customer")])
    assert (offered(), open_review().waiting.count()) == ([pair[1].pk], 2)


def test_who_was_refused_is_not_linked_by_evidence_when_nobody_else_fits_any_more(
    crm: Api, pair: list[Customer]
) -> None:
    mapped(crm, customer=SENT)
    refuse_candidate(review=open_review(), record_id=pair[0].pk, actor=None)
    Customer.objects.filter(pk=pair[1].pk).update(active=False)

    answer = mapped(crm, externalId="T-2", customer=SENT)

    assert told(answer) == [("mapping_needs_review", "customer")]
    assert not ExternalReference.objects.exists()
    assert Target.objects.filter(customer=None).count() == 2


def test_another_record_of_the_same_system_may_be_just_that_customer(crm: Api, pair: list[Customer]) -> None:
    mapped(crm, customer=SENT)
    refuse_candidate(review=open_review(), record_id=pair[0].pk, actor=None)
    Customer.objects.filter(pk=pair[1].pk).update(active=False)

    answer = mapped(crm, externalId="T-2", customer={**SENT, "externalId": "C-2"})

    assert matched_by(answer) == {"customer": "customerNumber"}
    assert Target.objects.get(external_id="T-2").customer == pair[0]


def test_a_manager_may_link_after_all_whom_one_refused(crm: Api, pair: list[Customer]) -> None:
    mapped(crm, customer=SENT)
    refuse_candidate(review=open_review(), record_id=pair[0].pk, actor=None)
    link_review(review=open_review(), record=pair[0], actor=None)

    assert matched_by(mapped(crm, externalId="T-2", customer=SENT)) == {"customer": "manual"}
    assert Target.objects.filter(customer=pair[0]).count() == 2


def test_a_decided_review_and_a_stranger_are_not_refused(
    crm: Api, pair: list[Customer], tenant: Tenant
) -> None:
    mapped(crm, customer=SENT)
    review = open_review()
    for stranger in (customer(tenant), customer(factories.tenant())):
        with pytest.raises(NotFound, match="no such customer among the candidates"):
            refuse_candidate(review=review, record_id=stranger.pk, actor=None)
    link_review(review=review, record=pair[0], actor=None)
    with pytest.raises(Conflict, match="Somebody has already linked it to Nord"):
        refuse_candidate(review=review, record_id=pair[1].pk, actor=None)

    assert not RefusedPair.objects.exists()
    assert not AuditEntry.objects.filter(action="mapping_review.refused").exists()


def test_refusals_are_looked_up_with_one_statement_for_a_whole_set(
    crm: Api, pair: list[Customer], tenant: Tenant
) -> None:
    def lookups(first: int, count: int) -> int:
        rows = [
            one(number, customer={"externalId": f"C-{number}", "customerNumber": f"N-{number}", "name": "A"})
            for number in range(first, first + count)
        ]
        for number in range(first, first + count):
            customer(tenant, number=f"N-{number}")
        with CaptureQueriesContext(connection) as captured:
            done(crm, rows)
        return sum("customers_refusedpair" in query["sql"] for query in captured)

    assert (lookups(10, 1), lookups(20, 30)) == (1, 1)


def test_imports_without_doubt_and_evidence_look_up_nothing(erp: IntegrationClient, api: Api) -> None:
    with CaptureQueriesContext(connection) as captured:
        done(api, [one(1, customer={"externalId": "C-1", "name": "A"}), one(2)])
        done(api, [one(3, customer={"externalId": "C-1", "name": "A"})])
    assert [q["sql"] for q in captured if "refusedpair" in q["sql"] or "customers_alias" in q["sql"]] == []


def test_skipping_is_for_one_manager_and_for_open_reviews(
    crm: Api, pair: list[Customer], manager: User
) -> None:
    mapped(crm, customer=SENT)
    review = open_review()
    first = skip_review(review=review, user=manager)
    again = skip_review(review=review, user=manager)
    assert (SkippedReview.objects.get(), again.pk) == (first, first.pk)
    assert again.skipped_at > first.skipped_at
    dismiss_review(review=review, actor=manager)
    with pytest.raises(Conflict, match="has already decided that nothing is to be linked"):
        skip_review(review=MappingReview.objects.get(), user=manager)
