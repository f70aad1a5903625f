"""Why a record was linked is told on the pages of its target and its imported item."""

import html
import re

import pytest
from django.test import Client

from customers.models import Customer
from integrations.models import IntegrationClient
from ordinavo.tenants.models import Role
from targets.imports.models import ImportItem, MappingReview
from targets.models import Target
from tests.admin.conftest import LogIn
from tests.admin.world import path_of
from tests.api import Api
from tests.customers import rows
from tests.imports.mapped import client, mapped

SENT = {"externalId": "C-1", "name": "Rhein-Ruhr Medical Supply"}
PLACE = {"externalId": "L-1", "street": "Rüttenscheider Str. 12", "postalCode": "45130", "city": "Essen"}


@pytest.fixture
def api(erp: IntegrationClient) -> Api:
    return client(erp, mapping_strategy="ExternalIdThenNameAndAddress")


def known(api: Api, street: str = "Rüttenscheider Str. 12") -> Customer:
    customer = rows.customer(api.client.tenant, name="Rhein Ruhr Medical Supply GmbH")
    rows.location(customer, street=street, postal_code="45130", city="Essen")
    return customer


def read(browser: Client, path: str) -> str:
    return " ".join(browser.get(path).content.decode().split())


def test_a_link_by_name_and_address_is_told_as_words_and_bars(api: Api, log_in: LogIn) -> None:
    known(api)
    mapped(api, customer=SENT, location=PLACE)
    target, item, browser = Target.objects.get(), ImportItem.objects.get(), log_in(Role.MANAGER)

    for path in (path_of(Target, "change", target.pk), path_of(ImportItem, "change", item.pk)):
        page = read(browser, path)
        assert "Name and address" in page
        assert "nobody else is like it" in page
        assert '<span>Name: agrees</span> <svg class="ord-share ord-share-good"' in page
        assert "<span>Same address: counts once</span>" in page
        assert 'style="' not in page.partition("ord-shares")[2].partition("</ul>")[0]


def test_a_link_by_external_id_needs_no_reason(api: Api, log_in: LogIn) -> None:
    rows.refer(api.client.source_system, "C-1", known(api))
    mapped(api, customer=SENT)

    page = read(log_in(Role.MANAGER), path_of(Target, "change", Target.objects.get().pk))

    assert "External id" in page
    assert "ord-shares" not in page


def test_a_review_says_how_clear_the_best_one_is_and_what_the_client_asks_for(
    api: Api, log_in: LogIn
) -> None:
    for _ in range(2):
        known(api)
    mapped(api, customer=SENT, location=PLACE)

    page = read(log_in(Role.MANAGER), path_of(MappingReview, "change", MappingReview.objects.get().pk))

    assert "Linked by itself from 65 % on, if clear of the next best by 0.25; here it is 0.00." in page


def test_cities_of_one_postcode_that_differ_lead_to_an_alias(api: Api, log_in: LogIn) -> None:
    for _ in range(2):
        known(api)
    mapped(api, customer=SENT, location={**PLACE, "city": "Rüttenscheid & Süd"})
    browser, review = log_in(Role.MANAGER), MappingReview.objects.get(kind="customer")

    page = read(browser, path_of(MappingReview, "change", review.pk))

    assert page.count("Are Rüttenscheid &amp; Süd and Essen one city?") == 1
    [link] = re.findall(r'href="(/admin/customers/cityalias/add/[^"]+)"', page)
    form = browser.get(html.unescape(link)).context["adminform"].form
    assert (form.initial["alias"], form.initial["city"]) == ("Rüttenscheid & Süd", "Essen")
    assert "one city?" not in read(log_in(Role.SUPPORT), path_of(MappingReview, "change", review.pk))


def test_a_review_of_one_candidate_says_from_when_on_it_would_have_been_linked(
    api: Api, log_in: LogIn
) -> None:
    known(api, "Ostring 99")
    mapped(api, customer={**SENT, "name": "Rhein Ruhr Medical Supply GmbH"}, location=PLACE)

    page = read(log_in(Role.MANAGER), path_of(MappingReview, "change", MappingReview.objects.get().pk))

    assert "Linked by itself from 65 % on, if nothing speaks against it." in page
