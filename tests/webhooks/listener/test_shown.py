"""What the listener prints."""

from webhooks.listener.shown import shown_delivery
from webhooks.listener.verify import Finding

HEADERS = {
    "x-ordinavo-event-type": "webhook.test",
    "x-ordinavo-event-id": "evt_1",
    "x-ordinavo-delivery-id": "del_1",
    "x-ordinavo-timestamp": "2026-07-01T08:00:00Z",
}


def test_a_delivery_is_printed_with_its_ids_and_its_body() -> None:
    findings = [Finding("X-Ordinavo-Signature", ""), Finding("webhook-signature", "it is too old")]
    told = shown_delivery(HEADERS, '{"title":"Süd","n":[1]}'.encode(), findings=findings, status=401)
    assert told.split("\n") == [
        "webhook.test",
        "  event-id               evt_1",
        "  delivery-id            del_1",
        "  timestamp              2026-07-01T08:00:00Z",
        "  X-Ordinavo-Signature   accepted",
        "  webhook-signature      REFUSED, it is too old",
        "{",
        '  "title": "Süd",',
        '  "n": [',
        "    1",
        "  ]",
        "}",
        "-> answered 401",
        "",
    ]


def test_what_did_not_come_from_us_is_printed_without_harm() -> None:
    told = shown_delivery(
        {"x-ordinavo-event-id": "\x1b[2J"}, b"\x1b]0;owned\x07\xff", findings=[], status=204
    )
    assert "\x1b" not in told
    assert told.split("\n") == [
        "(no event type)",
        "  event-id               \\x1b[2J",
        "  delivery-id            missing",
        "  timestamp              missing",
        "\\x1b]0;owned\\x07\ufffd",
        "-> answered 204",
        "",
    ]


def test_a_body_that_is_empty_or_too_deep_is_printed_too() -> None:
    assert "(empty body)" in shown_delivery({}, b"", findings=[], status=204)
    assert "[[[[" in shown_delivery({}, b"[" * 100_000, findings=[], status=204)
