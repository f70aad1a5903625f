"""The examples of the product's public pages, as they stand."""

import json

import pytest

from customers.models import Contact, Customer, ExternalReference, Location
from targets.imports.api.schema.operations import EXAMPLES
from targets.imports.models import ImportItem, ImportJob
from targets.models import Target
from tests.api import Api

pytestmark = pytest.mark.django_db


def example(name: str) -> bytes:
    return (EXAMPLES / name).read_bytes()


def test_the_minimal_example_creates_a_target_without_customer(api: Api) -> None:
    answer = api.post("/inbound/targets", example("inbound-target-minimal.json"))

    body = answer.json()
    assert answer.status_code == 202, body
    target = Target.objects.get()
    assert body["items"] == [
        {
            "index": 0,
            "externalId": "JOB-2026-000918",
            "status": "Imported",
            "result": "Created",
            "targetId": target.id,
            "warnings": [],
            "customerMapping": None,
        }
    ]
    assert (target.title, target.priority, target.estimated_work_minutes) == ("Maintenance visit", "High", 45)
    assert str(target.due_date) == "2026-07-01"
    assert not Customer.objects.exists()


def test_the_full_example_creates_customer_location_and_contact(api: Api) -> None:
    answer = api.post("/inbound/targets", example("inbound-target-with-customer.json"))

    customer, location, contact = Customer.objects.get(), Location.objects.get(), Contact.objects.get()
    item = answer.json()["items"][0]
    assert item["customerMapping"]["status"] == "Created"
    assert item["customerMapping"]["customerId"] == customer.id
    assert item["customerMapping"]["customerLocationId"] == location.id
    assert item["customerMapping"]["customerContactId"] == contact.id
    assert item["customerMapping"]["warnings"] == []
    assert customer.number == "RRM-001"
    assert contact.phone_key == "+49201123456"
    assert location.latitude == 51.451
    assert ExternalReference.objects.count() == 3
    target = Target.objects.get()
    assert (target.customer, target.location, target.contact) == (customer, location, contact)


def test_the_full_example_sent_again_is_mapped_and_unchanged(api: Api) -> None:
    api.post("/inbound/targets", example("inbound-target-with-customer.json"))
    answer = api.post("/inbound/targets", example("inbound-target-with-customer.json"))

    item = answer.json()["items"][0]
    assert (item["result"], item["customerMapping"]["status"]) == ("Unchanged", "Mapped")
    assert Customer.objects.count() == Target.objects.count() == 1
    assert Target.objects.get().revision == 1


def test_the_logistics_example_keeps_flat_customer_data(api: Api) -> None:
    answer = api.post("/inbound/targets", example("inbound-target-logistics.json"))

    assert answer.status_code == 202, answer.json()
    item = answer.json()["items"][0]
    assert item["customerMapping"]["status"] == "NotMapped"
    assert [w["code"] for w in item["customerMapping"]["warnings"]] == [
        "create_needs_external_id",
        "create_needs_external_id",
    ]
    target = Target.objects.get()
    assert target.customer_text["contactName"] == "Anna Weber"
    assert list(target.custom_fields) == list(
        json.loads(example("inbound-target-logistics.json"))["customFields"]
    )
    assert target.latitude == 51.4513
    assert ImportJob.objects.get().warning_items == 1
    assert ImportItem.objects.get().mapping_status == "NotMapped"
