"""Whoever asks for a delivery need not wait for a circuit."""

from datetime import timedelta

import pytest
from django.utils import timezone

from integrations.models import IntegrationClient
from tests.webhooks import rows
from webhooks.delivery.claim import look
from webhooks.services.deliveries import redeliver, send_test

pytestmark = pytest.mark.django_db


def test_a_test_and_a_redelivery_go_out_at_once_as_a_probe(erp: IntegrationClient) -> None:
    for ask in ("test", "redeliver"):
        soon = timezone.now() + timedelta(minutes=5)
        of = rows.subscription(erp, circuit_open_until=soon, failure_streak=7, failing_since=timezone.now())
        told = rows.delivery(of, rows.event(erp))
        (before,) = (due for due in look() if due.subscription_id == of.pk)
        assert before.ready_at == soon
        asked = send_test(subscription=of) if ask == "test" else redeliver(delivery=told)
        assert asked.by_hand
        (due,) = (due for due in look() if due.subscription_id == of.pk)
        assert due.ready_at <= timezone.now()
        of.refresh_from_db()
        assert of.failure_streak == 7


def test_a_closed_circuit_stays_closed(erp: IntegrationClient) -> None:
    of = rows.subscription(erp)
    send_test(subscription=of)
    of.refresh_from_db()
    assert of.circuit_open_until is None
