"""How the listener prints a delivery; pure."""

import json
from collections.abc import Mapping, Sequence

from webhooks.listener.verify import Finding

_COLUMN = 22


def shown_delivery(
    headers: Mapping[str, str], body: bytes, *, findings: Sequence[Finding], status: int
) -> str:
    """Return type and ids, what became of the signatures, the body, and what was answered."""
    return "\n".join(
        [
            _plain(headers.get("x-ordinavo-event-type", "(no event type)")),
            *(
                _line(name, _plain(headers.get(f"x-ordinavo-{name}", "missing")))
                for name in ("event-id", "delivery-id", "timestamp")
            ),
            *(_line(finding.header, _verdict(finding)) for finding in findings),
            _pretty(body),
            f"-> answered {status}",
            "",
        ]
    )


def _verdict(finding: Finding) -> str:
    return "accepted" if finding.accepted else f"REFUSED, {finding.refusal}"


def _line(name: str, value: str) -> str:
    return f"  {name:<{_COLUMN}} {value}"


def _pretty(body: bytes) -> str:
    try:
        told = json.dumps(json.loads(body), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        told = body.decode(errors="replace") or "(empty body)"
    return "\n".join(_plain(line) for line in told.split("\n"))


def _plain(text: str) -> str:
    # Whatever can reach a terminal may also command it: control characters are shown, not sent.
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)
