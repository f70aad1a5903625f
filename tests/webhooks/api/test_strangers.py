"""Who may do what, and that nobody sees another's subscriptions and deliveries."""

from typing import Any

import pytest

from integrations.models import IntegrationClient
from integrations.scopes import Scope
from tests import factories
from tests.api import Api
from tests.imports.mapped import without
from tests.imports.sending import assert_error_shape
from tests.webhooks import rows
from tests.webhooks.api.calling import DELIVERIES, LIST, TYPES, URL
from webhooks.models import Delivery, Subscription

pytestmark = pytest.mark.django_db

SINCE = {"since": "2026-07-01T00:00:00Z"}
# Method, path, body, scope; {} is the subscription, [] the delivery.
OPERATIONS: list[tuple[str, str, Any, Scope]] = [
    ("get", TYPES, None, Scope.WEBHOOKS_READ),
    ("get", LIST, None, Scope.WEBHOOKS_READ),
    ("post", LIST, {"url": URL, "eventTypes": ["target.*"]}, Scope.WEBHOOKS_MANAGE),
    ("get", LIST + "/{}", None, Scope.WEBHOOKS_READ),
    ("patch", LIST + "/{}", {"active": False}, Scope.WEBHOOKS_MANAGE),
    ("delete", LIST + "/{}", None, Scope.WEBHOOKS_MANAGE),
    ("post", LIST + "/{}/rotate-secret", {}, Scope.WEBHOOKS_MANAGE),
    ("delete", LIST + "/{}/previous-secret", None, Scope.WEBHOOKS_MANAGE),
    ("post", LIST + "/{}/test", {}, Scope.WEBHOOKS_MANAGE),
    ("post", LIST + "/{}/replay", SINCE, Scope.WEBHOOKS_MANAGE),
    ("get", DELIVERIES, None, Scope.WEBHOOK_DELIVERIES_READ),
    ("get", DELIVERIES + "/[]", None, Scope.WEBHOOK_DELIVERIES_READ),
    ("post", DELIVERIES + "/[]/redeliver", {}, Scope.WEBHOOKS_MANAGE),
]
OF_ONE = [operation for operation in OPERATIONS if "{}" in operation[1] or "[]" in operation[1]]


def call(api: Api, operation: tuple[str, str, Any, Scope], delivery: Delivery) -> Any:
    method, path, body, _ = operation
    path = path.replace("{}", str(delivery.subscription_id)).replace("[]", delivery.public_id)
    return getattr(api, method)(path, *([] if method in {"get", "delete"} else [body]))


@pytest.fixture
def delivery(erp: IntegrationClient) -> Delivery:
    return rows.delivery(rows.subscription(erp), rows.event(erp))


@pytest.fixture(params=["colleague", "stranger", "twin"])
def other(request: Any, erp: IntegrationClient) -> Api:
    """A client of the same source system, of another tenant, of the test twin."""
    makers = {
        "colleague": lambda: factories.client(erp.tenant),
        "stranger": lambda: factories.client(factories.tenant()),
        "twin": lambda: factories.client(factories.twin(erp.tenant)),
    }
    return Api(makers[request.param]())


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: f"{one[0]} {one[1]}")
def test_each_operation_needs_its_scope_and_no_other(
    api: Api, erp: IntegrationClient, delivery: Delivery, operation: tuple[str, str, Any, Scope]
) -> None:
    scope = operation[3]
    erp.scopes = without(scope)
    erp.save()
    refused = call(api, operation, delivery)
    assert refused.status_code == 403
    assert assert_error_shape(refused)["requiredScope"] == scope.value
    assert list(Subscription.objects.values_list("active", "deleted_at")) == [(True, None)]
    assert Delivery.objects.count() == 1
    erp.scopes = [scope.value]
    erp.save()
    assert call(api, operation, delivery).status_code < 300


@pytest.mark.parametrize("operation", OF_ONE, ids=lambda one: f"{one[0]} {one[1]}")
def test_another_client_finds_nothing_and_changes_nothing(
    other: Api, delivery: Delivery, operation: tuple[str, str, Any, Scope]
) -> None:
    before = Subscription.objects.values().get()
    answer = call(other, operation, delivery)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
    assert Subscription.objects.values().get() == before
    assert Delivery.objects.get().status == "Pending"


def test_lists_of_another_client_are_empty_whatever_it_asks_for(other: Api, delivery: Delivery) -> None:
    event = delivery.event
    queries = [
        "",
        f"?subscriptionId={delivery.subscription_id}",
        f"?eventId={event.public_id}",
        f"?correlationId={event.correlation_id}",
    ]
    assert other.get(LIST).json()["results"] == []
    assert [other.get(DELIVERIES + query).json()["results"] for query in queries] == [[]] * 4


def test_a_cursor_of_another_client_opens_nothing(api: Api, other: Api, erp: IntegrationClient) -> None:
    for _ in range(2):
        rows.delivery(rows.subscription(erp), rows.event(erp))
    for path in (LIST, DELIVERIES):
        following = api.get(f"{path}?pageSize=1").json()["next"].removeprefix("/api/connect/v1")
        assert other.get(following).json()["results"] == []


def test_the_limit_is_one_of_each_client(other: Api, erp: IntegrationClient) -> None:
    for _ in range(100):
        rows.subscription(erp)
    answer = other.post(LIST, {"url": URL, "eventTypes": ["target.*"]})
    assert answer.status_code == 201
