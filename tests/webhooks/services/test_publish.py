"""Publishing: who is told of what, with how many statements, and of what nobody is."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from integrations.models import Feature, IntegrationClient
from ordinavo.kernel import correlation
from ordinavo.kernel.redis import client as redis_client
from ordinavo.tenants.models import Tenant
from tests import factories
from tests.webhooks import rows
from webhooks.models import Delivery, Event
from webhooks.services.publish import Audience, Occurrence, audience_of, publish_event, publish_events

pytestmark = pytest.mark.django_db

SNAPSHOT: dict[str, Any] = {"target": {"id": 7, "externalId": "T-7", "title": "Besuch bei Müller"}}


def _audience(client: IntegrationClient, **only: Any) -> Audience:
    return audience_of(tenant_id=client.tenant_id, source_system_id=client.source_system_id, **only)


def _imported(number: int = 7, **more: Any) -> Occurrence:
    return Occurrence("target.imported", SNAPSHOT, subject=("targets.target", number), **more)


def test_an_event_is_kept_with_its_snapshot_and_one_delivery_that_is_due(erp: IntegrationClient) -> None:
    subscription = rows.subscription(erp)
    before = timezone.now()
    publish_event(_audience(erp), _imported(correlation_id="corr-9"))
    event, delivery = Event.objects.get(), Delivery.objects.get()
    assert event.public_id.startswith("evt_")
    assert (event.tenant, event.source_system, event.client) == (erp.tenant, erp.source_system, None)
    assert (event.type, event.correlation_id) == ("target.imported", "corr-9")
    assert (event.subject_type, event.subject_id) == ("targets.target", 7)
    assert event.snapshot == SNAPSHOT
    assert event.is_example is False
    assert before <= event.occurred_at <= timezone.now()
    assert event.occurred_at.utcoffset() == timedelta(0)
    assert (delivery.event, delivery.subscription, delivery.client) == (event, subscription, erp)
    assert (delivery.tenant, delivery.event_type) == (erp.tenant, "target.imported")
    assert (delivery.status, delivery.attempt_count, delivery.by_hand) == ("Pending", 0, False)
    assert delivery.due_at == delivery.created_at == event.occurred_at
    assert (delivery.finished_at, delivery.redelivery_of) == (None, None)


def test_an_event_that_nobody_asks_for_is_not_kept(erp: IntegrationClient) -> None:
    rows.subscription(erp, "visit_report.*", "target.updated")
    audience = _audience(erp)
    assert not audience.wants("target.imported")
    publish_event(audience, _imported())
    assert not Event.objects.exists()
    assert not Delivery.objects.exists()


def test_a_set_is_written_with_two_statements_whatever_its_length(erp: IntegrationClient) -> None:
    rows.subscription(erp)
    rows.subscription(erp, "target.imported")
    with CaptureQueriesContext(connection) as asked:
        audience = _audience(erp)
    assert len(asked) == 1
    for number in (1, 400):
        with CaptureQueriesContext(connection) as captured:
            publish_events(audience, [_imported(one) for one in range(number)])
        assert len(captured) == 2
    assert Event.objects.count() == 401
    assert Delivery.objects.count() == 802


def test_events_of_a_set_keep_their_order_in_their_ids(erp: IntegrationClient) -> None:
    rows.subscription(erp)
    publish_events(_audience(erp), [_imported(number) for number in range(1500)])
    assert list(Event.objects.order_by("id").values_list("subject_id", flat=True)) == list(range(1500))


def test_nothing_is_told_and_nobody_called_when_the_transaction_rolls_back(
    erp: IntegrationClient, django_capture_on_commit_callbacks: Any
) -> None:
    rows.subscription(erp)
    with django_capture_on_commit_callbacks() as callbacks, transaction.atomic():
        publish_event(_audience(erp), _imported())
        transaction.set_rollback(True)
    assert not Event.objects.exists()
    assert not Delivery.objects.exists()
    assert callbacks == []


def test_senders_are_called_once_after_the_commit(
    erp: IntegrationClient, django_capture_on_commit_callbacks: Any
) -> None:
    rows.subscription(erp)
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        publish_events(_audience(erp), [_imported(one) for one in range(3)])
    assert len(callbacks) == 1
    assert redis_client().llen("webhooks") == 1


def test_a_paused_subscription_gets_a_cancelled_delivery_and_calls_nobody(
    erp: IntegrationClient, django_capture_on_commit_callbacks: Any
) -> None:
    rows.paused(erp)
    with django_capture_on_commit_callbacks() as callbacks:
        publish_event(_audience(erp), _imported())
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.due_at) == ("Cancelled", None)
    assert delivery.finished_at == delivery.created_at
    assert callbacks == []


def test_a_client_that_is_off_is_told_nothing_for_now(erp: IntegrationClient) -> None:
    rows.subscription(erp)
    erp.active = False
    erp.save()
    publish_event(_audience(erp), _imported())
    assert Delivery.objects.get().status == "Cancelled"


def test_a_deleted_subscription_is_told_nothing(erp: IntegrationClient) -> None:
    rows.paused(erp, disabled_reason="deleted", deleted_at=timezone.now())
    publish_event(_audience(erp), _imported())
    assert not Event.objects.exists()


def test_all_clients_of_the_source_system_are_told_and_nobody_else(
    tenant: Tenant, erp: IntegrationClient
) -> None:
    replacement = factories.client(tenant)
    told = {rows.subscription(erp).pk, rows.subscription(replacement).pk}
    rows.subscription(factories.client(tenant, source="crm"))
    rows.subscription(factories.client(factories.tenant()))
    rows.subscription(factories.client(factories.twin(tenant)))
    publish_event(_audience(erp), _imported())
    assert Event.objects.count() == 1
    assert set(Delivery.objects.values_list("subscription_id", flat=True)) == told


def test_what_is_one_clients_own_is_told_to_it_only(tenant: Tenant, erp: IntegrationClient) -> None:
    replacement = factories.client(tenant)
    mine = rows.subscription(erp, "import_job.*")
    rows.subscription(replacement, "import_job.*")
    publish_event(_audience(erp), Occurrence("import_job.completed", {}, client_id=erp.pk))
    assert Event.objects.get().client == erp
    assert Delivery.objects.get().subscription == mine


def test_an_audience_can_be_one_client(tenant: Tenant, erp: IntegrationClient) -> None:
    mine = rows.subscription(erp)
    rows.subscription(factories.client(tenant))
    assert [one.id for one in _audience(erp, client_id=erp.pk).listeners] == [mine.pk]


def test_billing_is_told_to_clients_with_the_feature_only(tenant: Tenant, erp: IntegrationClient) -> None:
    rows.subscription(erp, "billing.*")
    assert not _audience(erp).wants("billing.event_ready")
    biller = factories.client(tenant, features=[Feature.BILLING_WEBHOOKS])
    told = rows.subscription(biller, "billing.*")
    publish_event(_audience(erp), Occurrence("billing.event_ready", {}))
    assert Delivery.objects.get().subscription == told


def test_the_correlation_id_is_that_of_the_work_in_hand(erp: IntegrationClient) -> None:
    rows.subscription(erp)
    token = correlation.correlation_id.set("corr-of-request")
    publish_event(_audience(erp), _imported())
    correlation.correlation_id.set("")
    publish_event(_audience(erp), _imported())
    correlation.correlation_id.reset(token)
    first, second = Event.objects.order_by("id")
    assert first.correlation_id == "corr-of-request"
    assert len(second.correlation_id) == 26
