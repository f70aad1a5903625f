"""Sets and races of imports that map by name and address."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from customers.matching.profiles import forget
from customers.models import Customer, ExternalReference, MatchingProfile, SearchKey
from customers.services.search_keys import build_search_keys
from integrations.models import IntegrationClient
from targets.imports.models import MappingReview
from targets.imports.services.reviews import link_review
from targets.models import Target
from tests import factories
from tests.api import Api
from tests.customers import rows
from tests.imports.mapped import client, mapped
from tests.imports.sending import imported, send
from tests.imports.test_mapping_races import _together
from tests.imports.test_mapping_sets import _draft, _work

BY_NAME = "ExternalIdThenNameAndAddress"
NAMES = (
    "Rhein-Ruhr Medical Supply GmbH",
    "Nordlicht Kältetechnik KG",
    "Autohaus Holkolbach",
    "Alpenblick Hotel",
)


def _target(number: int, name: str, **place: Any) -> Any:
    where = {"street": f"Hauptstr. {number}", "postal_code": "45130", "city": "Essen", **place}
    return _draft(
        f"T-{number}",
        customer={"external_id": f"C-{number}", "name": name},
        location={"external_id": f"L-{number}", **where},
    )


def _erp(**fields: Any) -> IntegrationClient:
    how = {"mapping_strategy": BY_NAME, **factories.ALL_SWITCHES, **fields}
    return factories.client(factories.tenant(), **how)


def _statements(erp: IntegrationClient, count: int, *, start: int) -> int:
    drafts = [_target(start + number, f"{NAMES[number % 4]} {start + number}") for number in range(count)]
    with CaptureQueriesContext(
        connection,
    ) as captured:
        _work(erp, drafts)
    return len(captured)


@pytest.mark.django_db
def test_the_number_of_statements_does_not_depend_on_the_number_of_records() -> None:
    erp = _erp()
    for name in NAMES:
        rows.location(
            rows.customer(erp.tenant, name=name), street="Hauptstr. 1", postal_code="45130", city="Essen"
        )
    assert build_search_keys(tenant=erp.tenant)
    # The first set reads the tenant's profile, which later ones remember for a while.
    _statements(erp, 1, start=1)
    few = _statements(erp, 10, start=100)
    many = _statements(erp, 100, start=1_000)
    assert few == many <= 45


@pytest.mark.django_db
def test_a_later_record_of_a_set_finds_what_an_earlier_one_adds() -> None:
    erp = _erp()
    outcomes = _work(erp, [_target(1, NAMES[0]), _target(2, NAMES[0].upper(), street="Hauptstraße 1")])
    assert [(o.mapping_json or {})["status"] for o in outcomes] == ["Created", "Mapped"]
    [customer] = Customer.objects.all()
    assert {row.record for row in ExternalReference.objects.filter(kind="customer")} == {customer}
    assert customer.locations.count() == 1


@pytest.mark.django_db
def test_a_renamed_customer_is_found_by_its_new_name_only() -> None:
    erp = _erp()
    _work(erp, [_target(1, NAMES[0])])
    _work(erp, [_draft("T-1", customer={"external_id": "C-1", "name": NAMES[1]})])
    again = _work(
        erp,
        [
            _draft(
                "T-3",
                customer={"external_id": "C-3", "name": NAMES[1]},
                location={
                    "external_id": "L-3",
                    "street": "Hauptstr. 1",
                    "postal_code": "45130",
                    "city": "Essen",
                },
            )
        ],
    )
    assert (again[0].mapping_json or {})["details"]["customer"]["matchedBy"] == "nameAndAddress"
    assert Customer.objects.count() == 1


@pytest.mark.django_db
def test_other_strategies_write_no_keys() -> None:
    erp = _erp(mapping_strategy="ExternalIdFirst")
    _work(erp, [_target(1, NAMES[0])])
    assert Customer.objects.count() == 1
    assert not SearchKey.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_imports_wait_until_many_customers_are_searchable() -> None:
    erp = _erp(mapping_strategy="ExternalIdFirst")
    Customer.objects.bulk_create(
        Customer(tenant=erp.tenant, name=f"Customer {n}", name_key=f"customer {n}") for n in range(501)
    )
    api = client(erp, mapping_strategy=BY_NAME)
    sent = {"externalId": "C-1", "name": "Customer 7"}
    answer = send(api, customer=sent)
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "unavailable")
    assert not Target.objects.exists()
    assert not build_search_keys(tenant=erp.tenant, most=300)
    assert build_search_keys(tenant=erp.tenant, most=300)
    assert MatchingProfile.objects.get(tenant=erp.tenant).customers == 501
    forget(erp.tenant_id)
    assert send(api, customer=sent).status_code == 202


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_one_new_customer_under_different_ids_make_it_once() -> None:
    api = Api(_erp())
    assert build_search_keys(tenant=api.client.tenant)

    def bring(number: int) -> Any:
        records: dict[str, Any] = {
            "customer": {"externalId": f"C-{number}", "name": NAMES[0]},
            "location": {
                "externalId": f"L-{number}",
                "street": "Hauptstr. 1",
                "postalCode": "45130",
                "city": "Essen",
            },
        }
        return lambda: imported(send(api, externalId=f"T-{number}", **records))["customerMapping"]

    mappings = _together([bring(number) for number in range(8)])
    assert sorted(mapping["status"] for mapping in mappings) == ["Created", *["Mapped"] * 7]
    assert Customer.objects.count() == 1
    assert ExternalReference.objects.filter(kind="customer").count() == 8


@pytest.mark.django_db(transaction=True)
def test_a_decision_while_the_same_record_is_imported_holds_for_all() -> None:
    erp = _erp(**dict.fromkeys(factories.ALL_SWITCHES, False))
    api = Api(erp)
    known = rows.customer(erp.tenant, name=NAMES[0])
    rows.location(known, street="Hauptstr. 1", postal_code="45130", city="Essen")
    records: dict[str, Any] = {
        "customer": {"externalId": "C-1", "name": NAMES[0]},
        "location": {"externalId": "L-1", "street": "Ostring 9", "postalCode": "44787", "city": "Bochum"},
    }
    assert mapped(api, **records)["status"] == "NeedsReview"
    review = MappingReview.objects.get()

    def bring(number: int) -> Any:
        return lambda: imported(send(api, externalId=f"N-{number}", **records))

    _together([*map(bring, range(8)), lambda: link_review(review=review, record=known, actor=None)])
    assert set(Target.objects.values_list("customer", flat=True)) == {known.pk}
    assert not MappingReview.objects.filter(status="open", kind="customer").exists()


@pytest.mark.django_db(transaction=True)
def test_keys_that_a_rolled_back_import_wrote_are_written_again() -> None:
    erp = _erp()
    rows.customer(erp.tenant, name=NAMES[0])
    with transaction.atomic():
        _work(erp, [_target(1, NAMES[1])])
        transaction.set_rollback(True)
    assert not SearchKey.objects.exists()
    erp.refresh_from_db()
    _work(erp, [_target(1, NAMES[1])])
    assert SearchKey.objects.filter(customer__in=Customer.objects.filter(name=NAMES[0])).exists()
