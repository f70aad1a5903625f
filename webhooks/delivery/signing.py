"""The headers of a delivery and their signatures; pure.

Signed are the very bytes that are sent. `X-Ordinavo-Signature` covers the body alone, keyed with the secret's
whole text; the Standard Webhooks headers cover id and time too, keyed with the bytes that the secret encodes.
"""

import base64
import binascii
import hashlib
import hmac
import secrets as randomness
from collections.abc import Sequence
from datetime import UTC, datetime

PREFIX = "whsec_"
KEY_BYTES = 32


def new_secret() -> str:
    """Return a new signing secret: `whsec_` and the base64 of 32 random bytes."""
    return PREFIX + base64.b64encode(randomness.token_bytes(KEY_BYTES)).decode()


def signature_headers(
    *,
    event_id: str,
    event_type: str,
    delivery_id: str,
    now: datetime,
    body: bytes,
    secrets: Sequence[str],
) -> dict[str, str]:
    """Return all headers of one attempt at `now`; `secrets` newest first, two during a rotation's overlap."""
    seconds = int(now.timestamp())
    headers = {
        "Content-Type": "application/json",
        "X-Ordinavo-Event-Id": event_id,
        "X-Ordinavo-Event-Type": event_type,
        "X-Ordinavo-Delivery-Id": delivery_id,
        "X-Ordinavo-Timestamp": datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "X-Ordinavo-Webhook-Version": "v1",
        # The oldest secret that is still good: a receiver that has not heard of the rotation goes on working.
        "X-Ordinavo-Signature": body_signature(secrets[-1], body),
        "webhook-id": event_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(
            standard_signature(secret, message_id=event_id, seconds=seconds, body=body) for secret in secrets
        ),
    }
    if len(secrets) > 1:
        headers["X-Ordinavo-Signature-New"] = body_signature(secrets[0], body)
    return headers


def body_signature(secret: str, body: bytes) -> str:
    """Return the value of `X-Ordinavo-Signature` for the body."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def standard_signature(secret: str, *, message_id: str, seconds: int, body: bytes) -> str:
    """Return one value of `webhook-signature`; ValueError if the secret is none of ours."""
    signed = b"%s.%d.%s" % (message_id.encode(), seconds, body)
    return "v1," + base64.b64encode(hmac.digest(key_of(secret), signed, "sha256")).decode()


def key_of(secret: str) -> bytes:
    """Return the bytes that a secret's text encodes; ValueError if it is no `whsec_` and base64."""
    if not secret.startswith(PREFIX):
        raise ValueError("A secret starts with whsec_.")
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        raise ValueError("A secret is whsec_ and base64.") from None
