"""What is sent: the exact bytes, signed, cut to what the subscription may see now."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from standardwebhooks import Webhook

from integrations.models import IntegrationClient
from ordinavo.kernel.crypto import encrypt
from tests.webhooks import rows
from webhooks.delivery.send import request_of
from webhooks.delivery.signing import body_signature, new_secret
from webhooks.models import Subscription

pytestmark = pytest.mark.django_db

SNAPSHOT: dict[str, Any] = {
    "target": {"id": 1, "externalId": "Wärme-1", "title": "Visit", "internalNotes": "the dog bites"},
    "customer": {"id": 7, "externalId": "C-1", "name": "Rhein Ruhr"},
    "secret": {"key": "whsec_1"},
}


def _sent(of: Subscription) -> tuple[bytes, dict[str, str]]:
    event = rows.event(of.client, snapshot=SNAPSHOT)
    return request_of(rows.delivery(of, event), event, of)


def test_a_verifier_that_others_wrote_accepts_the_request(erp: IntegrationClient) -> None:
    of = rows.subscription(erp)
    body, headers = _sent(of)
    assert Webhook(of.secret).verify(body.decode(), headers) == json.loads(body)
    assert headers["X-Ordinavo-Signature"] == body_signature(of.secret, body)


def test_the_body_names_the_event_and_holds_what_its_type_lists_only(erp: IntegrationClient) -> None:
    of = rows.subscription(erp)
    body, headers = _sent(of)
    told = json.loads(body)
    assert told["eventId"] == headers["webhook-id"] == headers["X-Ordinavo-Event-Id"]
    assert (told["tenantId"], told["correlationId"]) == (erp.tenant.slug, "corr-1")
    assert told["target"]["externalId"] == "Wärme-1"
    assert told["customer"]["name"] == "Rhein Ruhr"
    assert b"the dog bites" not in body
    assert b"whsec" not in body
    assert "Wärme-1".encode() in body


def test_scopes_and_options_of_this_moment_decide(erp: IntegrationClient) -> None:
    of = rows.subscription(erp)
    erp.scopes.remove("customers.read")
    erp.save()
    assert json.loads(_sent(of)[0])["customer"] == {"externalId": "C-1"}
    Subscription.objects.update(customer_context=False)
    assert "customer" not in json.loads(_sent(of)[0])


def test_during_an_overlap_both_secrets_sign_and_afterwards_the_new_one_alone(erp: IntegrationClient) -> None:
    of = rows.subscription(erp)
    old = new_secret()
    Subscription.objects.update(
        previous_secret_token=encrypt(old.encode()),
        previous_secret_expires_at=timezone.now() + timedelta(hours=1),
    )
    body, headers = _sent(of)
    assert headers["X-Ordinavo-Signature"] == body_signature(old, body)
    assert headers["X-Ordinavo-Signature-New"] == body_signature(of.secret, body)
    for secret in (old, of.secret):
        Webhook(secret).verify(body.decode(), headers)
    Subscription.objects.update(previous_secret_expires_at=timezone.now())
    body, headers = _sent(of)
    assert headers["X-Ordinavo-Signature"] == body_signature(of.secret, body)
    assert "X-Ordinavo-Signature-New" not in headers
    assert " " not in headers["webhook-signature"]
