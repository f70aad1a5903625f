"""How many statements a single import costs, everything counted: key, transactions, savepoints, job, item."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from integrations.models import ApiKey
from tests.api import Api
from tests.imports.sending import PATH, payload
from tests.webhooks import rows
from webhooks.models import Delivery

pytestmark = pytest.mark.django_db(transaction=True)

FULL: dict[str, Any] = {
    "templateKey": "delivery_stop",
    "customer": {"externalId": "C", "customerNumber": "7", "name": "A", "email": "a@example.com"},
    "location": {"externalId": "L", "city": "Essen", "country": "DE"},
    "contact": {"externalId": "K", "displayName": "B", "phone": "+49 201 123456"},
    "planning": {"priority": "High", "dueDate": "2026-07-01"},
    "customFields": {"asset": "F-1"},
}


def _statements(api: Api, *, key: str = "", **members: Any) -> tuple[int, str]:
    """Send the full target and return what it cost, and what became of it."""
    # The use of a key is noted once a minute: let it be noted already.
    ApiKey.objects.update(last_used_at=timezone.now())
    headers = {"Idempotency_Key": key} if key else {}
    with CaptureQueriesContext(connection) as captured:
        answer = api.post(PATH, payload(**{**FULL, **members}), **headers)
    item = answer.json()["items"][0]
    return len(captured), f"{item['result']} {item['customerMapping']['status']}"


@pytest.mark.parametrize("key", ["", "k"])
def test_a_new_target_of_a_known_customer_costs_at_most_twenty(api: Api, key: str) -> None:
    _statements(api, externalId="T-0")
    count, what = _statements(api, key=key)
    assert what == "Created Mapped"
    assert count <= 20


@pytest.mark.parametrize("key", ["", "k"])
def test_the_same_again_costs_at_most_twenty(api: Api, key: str) -> None:
    _statements(api)
    _statements(api)
    count, what = _statements(api, key=key)
    assert what == "Unchanged Mapped"
    assert count <= 20


def test_a_change_of_a_target_costs_at_most_twenty(api: Api) -> None:
    _statements(api)
    count, what = _statements(api, title="Other")
    assert what == "Updated Mapped"
    assert count <= 20


@pytest.mark.parametrize("key", ["", "k"])
def test_everything_new_costs_at_most_thirty(api: Api, key: str) -> None:
    count, what = _statements(api, key=key)
    assert what == "Created Created"
    assert count <= 30


@pytest.mark.parametrize("key", ["", "k"])
def test_a_subscription_to_everything_changes_none_of_that(api: Api, key: str) -> None:
    _statements(api, externalId="A")
    rows.subscription(api.client, "target.*", "import_job.*")
    rows.subscription(api.client, "target.*")
    known = _statements(api, externalId="C", key=key)
    changed = _statements(api, externalId="C", title="Other", key=key and "k2")
    new = {kind: {**FULL[kind], "externalId": "Z"} for kind in ("location", "contact")}
    everything = {"customer": {"externalId": "Z", "customerNumber": "Z", "name": "Z"}, **new}
    fresh = _statements(api, externalId="D", key=key and "k3", **everything)
    assert (known[1], changed[1], fresh[1]) == ("Created Mapped", "Updated Mapped", "Created Created")
    assert known[0] <= 20
    assert changed[0] <= 20
    assert fresh[0] <= 30
    assert Delivery.objects.count() == 9


def test_a_cancel_that_is_told_costs_at_most_twenty(api: Api) -> None:
    _statements(api)
    rows.subscription(api.client, "target.*", "import_job.*")
    with CaptureQueriesContext(connection) as captured:
        answer = api.post(PATH, {"externalId": "T-1", "operation": "cancel"}, Idempotency_Key="k")
    assert answer.json()["items"][0]["result"] == "Cancelled"
    assert Delivery.objects.count() == 2
    assert len(captured) <= 20
