"""What the listener accepts, and in which words it refuses."""

from datetime import UTC, datetime

import pytest

from webhooks.delivery.signing import new_secret, signature_headers
from webhooks.listener.verify import verify

NOW = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
BODY = b'{"a":1}'
SECRET, NEWER, OTHER = (new_secret() for _ in range(3))
FITS_NONE = "it fits none of your secrets: another subscription's, or the body was changed on the way"


def _sent(*secrets: str) -> dict[str, str]:
    headers = signature_headers(
        event_id="evt_1", event_type="webhook.test", delivery_id="del_1", now=NOW, body=BODY, secrets=secrets
    )
    return {name.lower(): value for name, value in headers.items()}


def _refusals(
    headers: dict[str, str], *, secrets: tuple[str, ...] = (SECRET,), body: bytes = BODY, later: float = 0
) -> tuple[str, str]:
    first, second = verify(headers, body, secrets=secrets, now=NOW.timestamp() + later)
    assert (first.header, second.header) == ("X-Ordinavo-Signature", "webhook-signature")
    return first.refusal, second.refusal


def test_what_we_sign_is_accepted() -> None:
    assert _refusals(_sent(SECRET)) == ("", "")
    assert all(
        finding.accepted for finding in verify(_sent(SECRET), BODY, secrets=[SECRET], now=NOW.timestamp())
    )


@pytest.mark.parametrize("known", [(SECRET,), (NEWER,), (OTHER, NEWER)], ids=["old", "new", "several"])
def test_during_a_rotation_either_secret_is_enough(known: tuple[str, ...]) -> None:
    assert _refusals(_sent(NEWER, SECRET), secrets=known) == ("", "")


def test_another_secret_and_another_body_are_refused() -> None:
    assert _refusals(_sent(OTHER)) == (FITS_NONE, FITS_NONE)
    assert _refusals(_sent(SECRET), body=b'{"a": 1}') == (FITS_NONE, FITS_NONE)


def test_a_delivery_without_signatures_is_refused() -> None:
    assert _refusals({}) == (
        "the header is missing: not from Ordinavo, or a proxy dropped it",
        "missing: webhook-id, webhook-timestamp, webhook-signature",
    )


@pytest.mark.parametrize(
    ("later", "why"),
    [
        (300, ""),
        (301, "it is 301 seconds old: sent a second time by somebody, or your clock is fast"),
        (-300, ""),
        (-301, "it is 301 seconds ahead: your clock is slow"),
    ],
)
def test_the_time_is_covered_by_the_standard_signature_only(later: float, why: str) -> None:
    assert _refusals(_sent(SECRET), later=later) == ("", why)


@pytest.mark.parametrize(
    ("header", "value", "refusals"),
    [
        ("x-ordinavo-signature", "md5=abc", ("it does not start with sha256=", "")),
        ("x-ordinavo-signature", "sha256=ä", (FITS_NONE, "")),
        ("webhook-timestamp", "now", ("", "webhook-timestamp is no number of seconds")),
        ("webhook-timestamp", "1782892801", ("", FITS_NONE)),
        ("webhook-id", "evt_2", ("", FITS_NONE)),
        ("webhook-signature", "v2,abc", ("", FITS_NONE)),
    ],
)
def test_a_header_that_was_changed_is_refused(header: str, value: str, refusals: tuple[str, str]) -> None:
    assert _refusals({**_sent(SECRET), header: value}) == refusals
