"""What is read about a set does not grow with what is stored."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.matching.directory import Directory
from customers.matching.drafts import CUSTOMER, RecordDraft, RecordSet
from customers.matching.policy import MappingPolicy
from customers.models import Customer
from integrations.models import IntegrationClient

pytestmark = pytest.mark.django_db

STORED, SENT = 5_000, 200


def _store_customers(client: IntegrationClient) -> None:
    rows = [
        Customer(
            tenant=client.tenant,
            number=f"N-{n}",
            name="A",
            name_key="a",
            email_key=f"{n}@example.com",
            phone_key=f"+49{n}",
        )
        for n in range(STORED)
    ]
    Customer.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE customers_customer")


def _plan(question: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {question}")
        return "\n".join(line for (line,) in cursor.fetchall())


@pytest.mark.parametrize(
    ("policy", "indexes"),
    [
        (MappingPolicy(), {"customer_by_number"}),
        (
            MappingPolicy(fallbacks=("customerNumber", "email", "phone")),
            {"customer_by_number", "customer_by_email", "customer_by_phone"},
        ),
    ],
)
def test_customers_are_found_through_the_indexes_of_what_was_sent(
    erp: IntegrationClient, policy: MappingPolicy, indexes: set[str]
) -> None:
    _store_customers(erp)
    said = [
        {"number": f"N-{n}", "email": f"{n}@example.com", "phone": f"+49 201 {n:06d}"} for n in range(SENT)
    ]
    sets = [
        RecordSet(customer=RecordDraft(CUSTOMER, f"C-{n}", one, "customer")) for n, one in enumerate(said)
    ]
    with CaptureQueriesContext(connection) as captured:
        known = Directory.load(
            tenant=erp.tenant, source_system=erp.source_system, policy=policy, records=sets
        )
    assert len(known.by_evidence[CUSTOMER, "customerNumber", "N-7"]) == 1
    questions = [one["sql"] for one in captured if "FROM customers_customer" in one["sql"].replace('"', "")]
    assert len(questions) == min(2, len(indexes))
    plan = "\n".join(map(_plan, questions))
    assert all(f"{index} " in plan for index in indexes)
    assert "Seq Scan" not in plan
    assert "customer_newest_first" not in plan
