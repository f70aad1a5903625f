"""Imports of clients that map by name and address, through the API."""

from typing import Any

import pytest

from customers.models import Contact, Customer, ExternalReference, Location
from integrations.models import IntegrationClient
from targets.imports.models import MappingReview
from tests.api import Api
from tests.customers import rows
from tests.imports.mapped import client, mapped, matched_by, told

pytestmark = pytest.mark.django_db

BY_NAME = "ExternalIdThenNameAndAddress"
SENT = {"externalId": "C-1", "name": "Rhein-Ruhr Medical Supply GmbH"}
PLACE = {"externalId": "L-1", "street": "Rüttenscheider Str. 12", "postalCode": "45130", "city": "Essen"}


@pytest.fixture
def api(erp: IntegrationClient) -> Api:
    return client(erp, mapping_strategy=BY_NAME)


@pytest.fixture
def known(erp: IntegrationClient) -> Customer:
    customer = rows.customer(erp.tenant, name="Rhein Ruhr Medical Supply GmbH", number="K-1")
    rows.location(customer, street="Rüttenscheider Straße 12", postal_code="45130", city="Essen")
    return customer


def test_a_customer_is_found_by_name_and_address_and_remembered_under_its_external_id(
    api: Api, known: Customer
) -> None:
    mapping = mapped(api, customer=SENT, location=PLACE)
    assert (mapping["status"], mapping["customerId"]) == ("Mapped", known.pk)
    detail = mapping["details"]["customer"]
    assert detail["matchedBy"] == "nameAndAddress"
    assert detail["score"] > 0.9
    assert (detail["runnerUpScore"], detail["margin"]) == (None, 0.5)
    assert detail["evidence"]["name"] == "agrees"
    assert mapping["customerLocationId"] == Location.objects.get().pk
    assert ExternalReference.objects.filter(matched_by="nameAndAddress").count() == 2
    assert matched_by(mapped(api, customer=SENT, location=PLACE)) == {
        "customer": "externalId",
        "location": "externalId",
    }
