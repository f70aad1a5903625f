"""Managers decide about records in doubt on a plain page; support looks on."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from customers.models import Contact, Customer, Location
from integrations.models import IntegrationClient
from ordinavo.tenants.models import Role, Tenant
from targets.imports.models import MappingReview
from targets.imports.services.reviews import dismiss_review
from targets.models import Target
from tests.admin.conftest import LogIn
from tests.admin.world import answer_path, path_of
from tests.api import Api
from tests.customers.rows import contact, customer, location, refer
from tests.imports.mapped import client, mapped

SENT = {"externalId": "C-1", "name": "Rhein Ruhr", "customerNumber": "K-1", "email": "A@X.example"}


@pytest.fixture
def pair(tenant: Tenant) -> list[Customer]:
    return [
        customer(tenant, number="K-1", name="Rhein  RUHR", email="a@x.example"),
        customer(tenant, number="K-1", name="Stahl AG"),
    ]


@pytest.fixture
def crm(erp: IntegrationClient, pair: list[Customer]) -> Api:
    return client(erp, mapping_strategy="ExternalIdThenCustomerNumber")


@pytest.fixture
def review(crm: Api) -> MappingReview:
    mapped(crm, customer=SENT)
    return MappingReview.objects.get()


@pytest.fixture
def manager(log_in: LogIn) -> Client:
    return log_in(Role.MANAGER)


def page_of(browser: Client, review: MappingReview, **query: str) -> str:
    page: str = browser.get(path_of(MappingReview, "change", review.pk), query).content.decode()
    return page


def offered(page: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'form="link-form" name="record" value="(\d+)"', page)]


def sentences(answer: Any) -> list[tuple[str, str]]:
    """Level and words of each message; the way back stands for its link."""
    link = r' <a class="ord-link" href="/admin/imports/mappingreview/undo/\d+/[^"]*">Undo \(U\)</a>'
    return [
        (message.level_tag, re.sub(link, " [undo]", str(message))) for message in answer.context["messages"]
    ]


NOTHING_ELSE = ("info", "Nothing else waits for a decision here.")


def test_the_page_compares_what_was_sent_with_each_candidate(
    review: MappingReview, pair: list[Customer], manager: Client
) -> None:
    page = page_of(manager, review)

    cells = re.findall(r'<td class="ord-(agrees|differs)">([^<]*)', page)
    assert [(verdict, text.strip()) for verdict, text in cells] == [
        ("agrees", "Rhein  RUHR"),
        ("differs", "Stahl AG"),
        ("agrees", "K-1"),
        ("agrees", "K-1"),
        ("agrees", "a@x.example"),
        ("differs", "-"),
    ]
    assert offered(page) == [pair[0].pk, pair[1].pk]
    assert "&quot;customerNumber&quot;: &quot;K-1&quot;" in page
    assert "<dt>Waiting targets</dt><dd>1</dd>" in page


def test_a_manager_links_a_candidate(review: MappingReview, pair: list[Customer], manager: Client) -> None:
    answer = manager.post(answer_path(review, "link"), {"record": pair[1].pk}, follow=True)

    assert sentences(answer) == [
        ("success", "Rhein Ruhr: Linked to Stahl AG. Everything that waited for it follows. [undo]"),
        NOTHING_ELSE,
    ]
    assert Target.objects.get().customer == pair[1]
    page = page_of(manager, review)
    assert "<dt>Decided by</dt><dd>" in page
    assert path_of(Customer, "change", pair[1].pk) in page
    assert offered(page) == []
    assert answer_path(review, "dismiss") not in page


def test_a_manager_searches_by_number_name_and_external_id(
    review: MappingReview, tenant: Tenant, crm: Api, manager: Client
) -> None:
    found = customer(tenant, number="K-77", name="Pumpen Nord")
    refer(crm.client.source_system, "X-77", found)
    customer(tenant, number="K-77", name="Gone", active=False)
    candidates = offered(page_of(manager, review))

    for term in ("K-77", "pumpen", " PUMPEN n", "X-77"):
        assert offered(page_of(manager, review, q=term)) == [*candidates, found.pk], term
    assert offered(page_of(manager, review, q="umpen")) == candidates
    assert "No active customer was found for “umpen”." in page_of(manager, review, q="umpen")


def test_a_manager_creates_and_another_is_told_that_it_is_decided(
    review: MappingReview, pair: list[Customer], manager: Client
) -> None:
    answer = manager.post(answer_path(review, "create"), follow=True)
    again = manager.post(answer_path(review, "link"), {"record": pair[0].pk}, follow=True)

    made = Customer.objects.exclude(pk__in=[row.pk for row in pair]).get()
    assert sentences(answer) == [
        ("success", "Rhein Ruhr: The customer was created. Everything that waited for it follows. [undo]"),
        NOTHING_ELSE,
    ]
    [(level, sentence)] = sentences(again)
    assert level == "error"
    assert re.fullmatch(
        r"manager@\S+ has already created Rhein Ruhr \(\d{4}-\d\d-\d\d \d\d:\d\d\). Nothing was changed.",
        sentence,
    )
    assert Target.objects.get().customer == made


def test_a_manager_dismisses(review: MappingReview, manager: Client) -> None:
    answer = manager.post(answer_path(review, "dismiss"), follow=True)

    assert sentences(answer) == [
        (
            "success",
            "Rhein Ruhr: Dismissed: the customer stays unlinked, and is not asked about while nothing"
            " changes. [undo]",
        ),
        NOTHING_ELSE,
    ]
    review.refresh_from_db()
    assert (review.status, Target.objects.get().customer) == ("dismissed", None)


def test_what_may_not_be_created_says_why(erp: IntegrationClient, manager: Client) -> None:
    api = client(erp, mapping_strategy="ManualOnly")
    mapped(api, customer={"externalId": "C-1"}, location={"externalId": "L-1", "city": "Essen"})

    why = {
        "customer": "Without a name no customer can be created.",
        "location": "The customer of the location must be known first.",
    }
    for one in MappingReview.objects.all():
        assert f'<p class="ord-quiet">{why[one.kind]}</p>' in page_of(manager, one)
    for one in MappingReview.objects.all():
        assert answer_path(one, "create") not in page_of(manager, one)


@pytest.mark.parametrize("make", [location, contact])
def test_parts_are_offered_of_the_known_customer_only(
    make: Any, erp: IntegrationClient, tenant: Tenant, manager: Client
) -> None:
    row, other = customer(tenant), customer(tenant)
    own, strange = make(row), make(other)
    kind = own._meta.model_name
    refer(erp.source_system, "C-1", row)
    api = client(erp, mapping_strategy="ExternalIdOnly")
    refer(erp.source_system, "P-1", strange)
    mapped(api, customer={"externalId": "C-1"}, **{kind: {"externalId": "P-1"}})
    review = MappingReview.objects.get()

    page = page_of(manager, review)

    assert offered(page) == [strange.pk, own.pk]
    assert f"It will belong to {row}." not in page
    answer = manager.post(answer_path(review, "link"), {"record": strange.pk}, follow=True)
    assert sentences(answer)[0][0] == "error"
    manager.post(answer_path(review, "link"), {"record": own.pk})
    assert getattr(Target.objects.get(), kind) == own


def test_support_sees_and_decides_nothing(review: MappingReview, pair: list[Customer], log_in: LogIn) -> None:
    support = log_in(Role.SUPPORT)

    page = page_of(support, review, q="K-1")

    assert "Stahl AG" in page
    assert (offered(page), "Create a new" in page, "Dismiss" in page) == ([], False, False)
    for verb in ("link", "create", "dismiss", "skip", "refuse"):
        assert support.post(answer_path(review, verb), {"record": pair[0].pk}).status_code == 404
    review.refresh_from_db()
    assert review.status == "open"


def test_an_operator_who_looks_at_all_tenants_decides_nothing(
    review: MappingReview, pair: list[Customer], operator: Client
) -> None:
    operator.post("/admin/tenants/tenant/switch/", {"tenant": ""})

    assert offered(page_of(operator, review)) == []
    assert operator.post(answer_path(review, "link"), {"record": pair[0].pk}).status_code == 404


@pytest.mark.parametrize("record", ["", "0", "abc", "-1", "9" * 40, "1 OR 1=1"])
def test_odd_records_are_not_found(review: MappingReview, manager: Client, record: str) -> None:
    assert manager.post(answer_path(review, "link"), {"record": record}).status_code == 404


def test_decisions_are_posted(review: MappingReview, manager: Client) -> None:
    for verb in ("link", "create", "dismiss", "skip", "refuse"):
        assert manager.get(answer_path(review, verb)).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = manager.cookies
    assert strict.post(answer_path(review, "dismiss")).status_code == 403
    review.refresh_from_db()
    assert review.status == "open"


def test_the_list_and_the_start_page_count_those_that_wait(crm: Api, manager: Client) -> None:
    for number in range(3):
        mapped(crm, externalId=f"T-{number}", customer=SENT)

    row = re.sub(r"<[^>]+>|\s+", " ", manager.get(path_of(MappingReview, "changelist")).content.decode())

    assert re.search(r"Rhein Ruhr +Customer +- +Several customers fit +3 .* Open +logistics_erp ", row)
    assert "3 imports wait" in manager.get("/admin/").content.decode()


def test_the_page_costs_the_same_however_many_wait(
    crm: Api, erp: IntegrationClient, operator: Client
) -> None:
    costs = []
    for number in range(12):
        mapped(crm, externalId=f"T-{number}", customer=SENT)
        if number in {1, 11}:
            page_of(operator, MappingReview.objects.get())
            with CaptureQueriesContext(connection) as captured:
                page_of(operator, MappingReview.objects.get(), q="K-1")
            costs.append(len(captured.captured_queries))

    assert costs[0] == costs[1] <= 20


def test_a_closed_review_of_nobody_is_still_shown(review: MappingReview, manager: Client) -> None:
    dismiss_review(review=review, actor=None)
    review.waiting.all().delete()

    page = page_of(manager, review)

    assert "Nothing waits for it any more." in page
    assert not Location.objects.exists()
    assert not Contact.objects.exists()
