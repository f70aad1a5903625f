"""Undoing, refusing and deciding at the same moment as imports and other managers."""

from functools import partial
from typing import Any

import pytest

from customers.models import Customer, ExternalReference
from ordinavo.kernel.errors import Conflict
from targets.imports.api.forms import judge_form
from targets.imports.models import ImportItem, MappingReview, ReviewDecision, ReviewedItem
from targets.imports.services.queueing import refuse_candidate
from targets.imports.services.reviews import create_from_review, link_review
from targets.imports.services.undoing import undo_decision
from targets.models import Target
from tests import factories
from tests.api import Api
from tests.customers.rows import customer
from tests.imports.deciding import decision
from tests.imports.sending import imported, send
from tests.imports.test_review_decisions_races import needing_review, together

pytestmark = pytest.mark.django_db(transaction=True)

SENT = {"externalId": "C-1", "name": "Rhein Ruhr", "customerNumber": "K-1"}
IMPORTS = 8


@pytest.fixture
def crm(transactional_db: None) -> Api:
    return Api(factories.client(factories.tenant(), mapping_strategy="ExternalIdThenCustomerNumber"))


@pytest.fixture
def pair(crm: Api) -> list[Customer]:
    return [customer(crm.client.tenant, number="K-1"), customer(crm.client.tenant, number="K-1")]


def arriving(api: Api, number: int) -> Any:
    return imported(send(api, externalId=f"T-{number}", customer=SENT))


def sound() -> None:
    """Every target is linked as its item says, and every doubtful item waits for an open review."""
    linked = dict(Target.objects.values_list("pk", "customer"))
    for item in ImportItem.objects.all():
        assert item.mapping is not None
        assert linked[item.target_id or 0] == item.mapping["customerId"]
        waits = ReviewedItem.objects.filter(item=item, review__status="open").exists()
        assert waits == (item.mapping_status == "NeedsReview")
    assert needing_review() == ImportItem.objects.filter(mapping_status="NeedsReview").count()


def test_an_undo_while_the_same_record_is_imported_leaves_nobody_between(
    crm: Api, pair: list[Customer]
) -> None:
    for number in range(3):
        arriving(crm, number)
    link_review(review=MappingReview.objects.get(), record=pair[1], actor=None)

    together(
        [
            *(partial(arriving, crm, number) for number in range(10, 10 + IMPORTS)),
            partial(undo_decision, decision=decision(), actor=None, judge=judge_form),
        ]
    )

    sound()
    assert MappingReview.objects.get().status == "open"
    assert not ExternalReference.objects.filter(matched_by="manual").exists()
    assert Target.objects.filter(external_id__in=["T-0", "T-1", "T-2"], customer=None).count() == 3


def test_an_undo_of_a_creation_never_takes_a_customer_from_an_import(crm: Api, pair: list[Customer]) -> None:
    arriving(crm, 0)
    create_from_review(review=MappingReview.objects.get(), actor=None)

    together(
        [
            *(partial(arriving, crm, number) for number in range(10, 10 + IMPORTS)),
            partial(undo_decision, decision=decision(), actor=None, judge=judge_form),
        ]
    )

    sound()
    made = Customer.objects.exclude(pk__in=[one.pk for one in pair]).first()
    used = Target.objects.exclude(customer=None).exists()
    assert (made is not None) == used


def test_of_two_who_take_one_decision_back_one_is_told(crm: Api, pair: list[Customer]) -> None:
    arriving(crm, 0)
    link_review(review=MappingReview.objects.get(), record=pair[1], actor=None)

    answers = together([partial(undo_decision, decision=decision(), actor=None, judge=judge_form)] * 2)

    assert sum(isinstance(answer, Conflict) for answer in answers) == 1
    sound()


def test_a_refusal_and_a_link_of_one_candidate_never_both_hold(crm: Api, pair: list[Customer]) -> None:
    arriving(crm, 0)
    review = MappingReview.objects.get()

    together(
        [
            partial(link_review, review=review, record=pair[0], actor=None),
            partial(refuse_candidate, review=review, record_id=pair[0].pk, actor=None),
        ]
    )

    sound()
    verbs = list(ReviewDecision.objects.order_by("pk").values_list("verb", flat=True))
    # Whoever links after a refusal has changed their mind; the other way round it is too late.
    assert verbs in (["linked"], ["refused", "linked"])
    assert Target.objects.get().customer == pair[0]


def test_two_imports_of_one_new_customer_under_two_ids_ask_in_one_review_each(
    crm: Api, pair: list[Customer]
) -> None:
    def bring(external_id: str) -> Any:
        return send(crm, externalId=external_id, customer={**SENT, "externalId": external_id})

    together([partial(bring, f"C-{number}") for number in range(4)])

    assert MappingReview.objects.filter(status="open").count() == 4
    sound()
    for review in MappingReview.objects.order_by("pk"):
        link_review(review=review, record=pair[0], actor=None)
    sound()
    assert Target.objects.filter(customer=pair[0]).count() == 4
