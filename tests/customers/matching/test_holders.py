"""A mailbox that a thousand share is not read a thousand times."""

import pytest

from customers.matching.holders import holder_ids
from customers.models import Contact, Customer
from customers.services.records import with_keys
from tests import factories
from tests.customers import rows

pytestmark = pytest.mark.django_db


def test_of_a_mailbox_that_many_share_a_bounded_number_is_read() -> None:
    tenant = factories.tenant()
    shared = {"tenant": tenant, "email": "info@rrm.example"}
    Customer.objects.bulk_create(with_keys(Customer(name=f"Customer {n}", **shared)) for n in range(60))
    wanted = {"email": ["info@rrm.example", "nobody@rrm.example"], "phone": []}
    assert len(holder_ids(Customer, tenant, wanted)) == 20


def test_only_active_holders_of_the_own_tenant_are_read() -> None:
    tenant = factories.tenant()
    one = rows.customer(tenant, email="a@rrm.example", phone="+49 201 123456")
    rows.customer(tenant, email="a@rrm.example", active=False)
    rows.customer(factories.tenant(), email="a@rrm.example")
    anna = rows.contact(one, email="a@rrm.example")
    wanted = {"email": ["a@rrm.example"], "phone": ["+49201123456"]}
    assert holder_ids(Customer, tenant, wanted) == [one.pk]
    assert holder_ids(Contact, tenant, wanted) == [anna.pk]
    assert holder_ids(Customer, tenant, {}) == []
