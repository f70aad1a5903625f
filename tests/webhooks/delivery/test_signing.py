"""The signatures, checked by verifiers that are not ours, and by the ten lines of the documentation."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone

import pytest
import standardwebhooks
import svix
from hypothesis import given
from hypothesis import strategies as st

from webhooks.delivery.signing import (
    body_signature,
    key_of,
    new_secret,
    signature_headers,
    standard_signature,
)

BODY = '{"eventId":"evt_1","title":"Wärme und Kälte","n":1.50}'.encode()
OLD, NEW, OTHER = (new_secret() for _ in range(3))

Verify = Callable[[str, bytes, Mapping[str, str]], None]


def _standard(secret: str, body: bytes, headers: Mapping[str, str]) -> None:
    standardwebhooks.Webhook(secret).verify(body, dict(headers))


def _svix(secret: str, body: bytes, headers: Mapping[str, str]) -> None:
    svix.Webhook(secret).verify(body, dict(headers))


def _documented(secret: str, body: bytes, headers: Mapping[str, str]) -> None:
    right = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    names = ("X-Ordinavo-Signature", "X-Ordinavo-Signature-New")
    if not any(hmac.compare_digest(headers.get(name, ""), right) for name in names):
        raise ValueError("not from Ordinavo")


VERIFIERS = [_standard, _svix, _documented]
REFUSALS = (
    standardwebhooks.WebhookVerificationError,
    svix.WebhookVerificationError,
    ValueError,
)
each_verifier = pytest.mark.parametrize("verify", VERIFIERS)
each_that_covers_the_time = pytest.mark.parametrize("verify", VERIFIERS[:2])


def _headers(*secrets: str, body: bytes = BODY, now: datetime | None = None) -> dict[str, str]:
    return signature_headers(
        event_id="evt_01JZ8A2MT8G7C3Y7V0WQ1M9B3C",
        event_type="target.imported",
        delivery_id="del_01JZ8A2MT8G7C3Y7V0WQ1M9B3D",
        now=now or datetime.now(UTC),
        body=body,
        secrets=secrets,
    )


def test_the_headers_of_an_attempt_are_these() -> None:
    secret = "whsec_" + base64.b64encode(bytes(range(32))).decode()
    now = datetime(2026, 7, 1, 10, 0, 0, 999_999, tzinfo=timezone(timedelta(hours=2)))
    assert _headers(secret, body=b"{}", now=now) == {
        "Content-Type": "application/json",
        "X-Ordinavo-Event-Id": "evt_01JZ8A2MT8G7C3Y7V0WQ1M9B3C",
        "X-Ordinavo-Event-Type": "target.imported",
        "X-Ordinavo-Delivery-Id": "del_01JZ8A2MT8G7C3Y7V0WQ1M9B3D",
        "X-Ordinavo-Timestamp": "2026-07-01T08:00:00Z",
        "X-Ordinavo-Webhook-Version": "v1",
        "X-Ordinavo-Signature": "sha256=985a3c96a281605f1d3b4c1137aa5b322d0d56867f0b183245815130d7964c97",
        "webhook-id": "evt_01JZ8A2MT8G7C3Y7V0WQ1M9B3C",
        "webhook-timestamp": "1782892800",
        "webhook-signature": "v1,lta07cVlIo9ph5LS9Hd/JqJOIQbxmz/q74x8n9QT3Gw=",
    }


@each_verifier
def test_a_delivery_is_accepted(verify: Verify) -> None:
    verify(NEW, BODY, _headers(NEW))


@each_verifier
@pytest.mark.parametrize("known", [OLD, NEW], ids=["old", "new"])
def test_during_a_rotation_both_secrets_are_accepted(verify: Verify, known: str) -> None:
    verify(known, BODY, _headers(NEW, OLD))


@each_verifier
def test_before_and_after_a_rotation_only_the_one_secret_is_accepted(verify: Verify) -> None:
    with pytest.raises(REFUSALS):
        verify(NEW, BODY, _headers(OLD))
    with pytest.raises(REFUSALS):
        verify(OLD, BODY, _headers(NEW))


def test_during_a_rotation_the_header_of_old_keeps_the_old_secret() -> None:
    headers = _headers(NEW, OLD)
    assert headers["X-Ordinavo-Signature"] == body_signature(OLD, BODY)
    assert headers["X-Ordinavo-Signature-New"] == body_signature(NEW, BODY)
    seconds = int(headers["webhook-timestamp"])
    assert headers["webhook-signature"].split(" ") == [
        standard_signature(secret, message_id=headers["webhook-id"], seconds=seconds, body=BODY)
        for secret in (NEW, OLD)
    ]


@each_verifier
@pytest.mark.parametrize("secrets", [(NEW,), (NEW, OLD)], ids=["one", "two"])
def test_a_wrong_secret_is_refused(verify: Verify, secrets: tuple[str, ...]) -> None:
    with pytest.raises(REFUSALS):
        verify(OTHER, BODY, _headers(*secrets))


@each_verifier
@pytest.mark.parametrize("place", range(0, len(BODY), 5))
def test_a_changed_byte_is_refused(verify: Verify, place: int) -> None:
    # Another ASCII letter, so that the verifiers' own decoding has nothing to say.
    changed = bytearray(b'{"eventId":"evt_1","title":"plain text, long enough for all","n":1}')
    headers = _headers(NEW, body=bytes(changed))
    changed[place] ^= 1
    with pytest.raises(REFUSALS):
        verify(NEW, bytes(changed), headers)


@each_verifier
def test_a_body_written_anew_is_refused(verify: Verify) -> None:
    with pytest.raises(REFUSALS):
        verify(NEW, BODY.replace(b"1.50", b"1.5"), _headers(NEW))


@each_that_covers_the_time
@pytest.mark.parametrize("minutes", [-6, 6, -600])
def test_an_old_or_early_timestamp_is_refused(verify: Verify, minutes: int) -> None:
    with pytest.raises(REFUSALS):
        verify(NEW, BODY, _headers(NEW, now=datetime.now(UTC) + timedelta(minutes=minutes)))


@each_that_covers_the_time
@pytest.mark.parametrize("header", ["webhook-id", "webhook-timestamp"])
def test_a_changed_id_or_time_is_refused(verify: Verify, header: str) -> None:
    headers = _headers(NEW)
    changed = str(int(headers[header]) + 1) if header == "webhook-timestamp" else headers[header] + "X"
    with pytest.raises(REFUSALS):
        verify(NEW, BODY, {**headers, header: changed})


@given(st.binary(max_size=200), st.integers(0, 4_000_000_000))
def test_any_bytes_and_any_time_are_signed_over_exactly_what_is_sent(body: bytes, seconds: int) -> None:
    headers = _headers(NEW, OLD, body=body, now=datetime.fromtimestamp(seconds, UTC))
    assert headers["webhook-timestamp"] == str(seconds)
    assert datetime.fromisoformat(headers["X-Ordinavo-Timestamp"]).timestamp() == seconds
    for secret, value in zip((NEW, OLD), headers["webhook-signature"].split(), strict=True):
        signed = headers["webhook-id"].encode() + b"." + str(seconds).encode() + b"." + body
        right = hmac.new(base64.b64decode(secret[6:]), signed, hashlib.sha256).digest()
        assert value == "v1," + base64.b64encode(right).decode()


def test_a_secret_is_a_prefix_and_32_random_bytes() -> None:
    made = {new_secret() for _ in range(100)}
    assert len(made) == 100
    assert {len(key_of(secret)) for secret in made} == {32}


@pytest.mark.parametrize("text", ["", "abc", "whsec", "WHSEC_YWJj", "whsec_a", "whsec_*bc=", "whsec_YWJj\n"])
def test_what_is_no_secret_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(ValueError, match=r"^A secret (starts with whsec_|is whsec_ and base64)\.$"):
        key_of(text)
