"""Other mapping settings are tried on the latest imports by the code of imports; nothing is written."""

from typing import Any

import pytest

from customers.models import Customer, ExternalReference
from integrations.models import IntegrationClient
from ordinavo.tenants.models import AuditEntry, Tenant
from targets.imports.api.forms import judge_form
from targets.imports.models import ImportJob, MappingReview
from targets.imports.services.foretelling import Foretold, foretell_settings
from targets.imports.services.reviews import link_review
from tests.api import Api
from tests.customers.rows import customer, refer
from tests.imports.deciding import open_review, state
from tests.imports.mapped import client, mapped
from tests.imports.sending import send

pytestmark = pytest.mark.django_db

SENT = {"externalId": "C-1", "name": "Rhein Ruhr", "customerNumber": "K-1"}
NUMBERS = {"mapping_strategy": "ExternalIdThenCustomerNumber"}


@pytest.fixture
def crm(erp: IntegrationClient) -> Api:
    """A client that goes by external ids only, and creates customers."""
    return client(erp, mapping_strategy="ExternalIdOnly", create_customers=True)


def foretold(api: Api, **settings: Any) -> list[Foretold]:
    row = IntegrationClient.objects.get(pk=api.client.pk)
    return foretell_settings(client=row, settings=settings, judge=lambda payload: judge_form(payload, row))


def fates(found: list[Foretold]) -> list[tuple[Any, ...]]:
    return [
        (one.now.status, *one.now.records[0][1:], one.then.status, *one.then.records[0][1:]) for one in found
    ]


def test_a_strategy_that_looks_for_numbers_would_have_linked(crm: Api, tenant: Tenant) -> None:
    known = customer(tenant, number="K-1")
    other = customer(tenant, number="K-2")
    refer(crm.client.source_system, "C-2", other)
    ExternalReference.objects.update(matched_by="manual")
    send(crm, externalId="T-1", customer={**SENT, "customerNumber": ""})
    mapped(crm, externalId="T-2", customer={"externalId": "C-2"})
    before, audited = state(tenant), AuditEntry.objects.count()

    same = foretold(crm, **NUMBERS)
    assert fates(same) == [
        ("Created", "created", None, "Created", "created", None),
        ("Mapped", "manual", other.pk, "Mapped", "manual", other.pk),
    ]
    assert not any(one.changes for one in same)

    Customer.objects.filter(name="Rhein Ruhr").update(number="K-1")
    mapped(crm, externalId="T-3", customer={**SENT, "externalId": "C-3"})
    before = state(tenant)
    found = foretold(crm, create_customers=False, **NUMBERS)
    assert fates(found)[2] == ("NeedsReview", "review", None, "Mapped", "customerNumber", known.pk)
    assert [one.changes for one in found] == [True, False, True]
    assert state(tenant) == before
    assert AuditEntry.objects.count() == audited


def test_what_the_imports_themselves_brought_is_forgotten_and_decisions_stand(
    crm: Api, tenant: Tenant
) -> None:
    pair = [customer(tenant, number="K-1"), customer(tenant, number="K-1")]
    mapped(crm, externalId="T-1", customer={"externalId": "C-9", "name": "Neu", "customerNumber": "K-9"})
    mapped(crm, externalId="T-2", customer={"externalId": "C-8", "name": "Auch neu", "customerNumber": "K-9"})
    mapped(crm, externalId="T-3", customer=SENT)
    link_review(review=open_review(external_id="C-1"), record=pair[1], actor=None)

    found = foretold(crm, **NUMBERS)

    assert [one.item.external_id for one in found] == ["T-1", "T-2", "T-3"]
    assert found[0].now.status == found[0].then.status == "Created"
    # What the first of them creates, the second finds, as it would have in the import.
    assert (found[1].now.status, found[1].then.status) == ("NeedsReview", "Mapped")
    assert found[2].now.records == found[2].then.records == (("customer", "manual", pair[1].pk),)


def test_only_what_was_mapped_lately_and_for_real_is_tried(
    crm: Api, erp: IntegrationClient, tenant: Tenant
) -> None:
    send(crm, externalId="T-1")
    send(crm, query="?validateOnly=true", externalId="T-2", customer=SENT)
    send(Api(erp), externalId="T-3", customer=SENT)
    send(crm, externalId="T-4", customer={"externalId": "C-4", "name": "Alt"})
    ImportJob.objects.filter(items__external_id="T-4").update(created_at="2020-01-01T00:00:00Z")

    assert foretold(crm, **NUMBERS) == []
    assert not MappingReview.objects.exists()


def test_other_settings_than_those_of_mapping_are_not_taken(crm: Api) -> None:
    send(crm, customer=SENT)
    assert [one.changes for one in foretold(crm, scopes=[], active=False)] == [False]
