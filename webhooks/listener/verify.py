"""What a receiver checks, and in words why it refuses; pure.

Written from the documentation of the headers, not from the code that signs: it is a second opinion.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

TOLERANCE_SECONDS = 300
_FITS_NONE = "it fits none of your secrets: another subscription's, or the body was changed on the way"


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one kind of signature: `refusal` is empty where it was accepted."""

    header: str
    refusal: str

    @property
    def accepted(self) -> bool:
        """Whether the receiver may trust the body."""
        return not self.refusal


def verify(
    headers: Mapping[str, str], body: bytes, *, secrets: Sequence[str], now: float
) -> tuple[Finding, Finding]:
    """Check both kinds of signatures at `now` (unix seconds); header names in lower case."""
    return (
        Finding("X-Ordinavo-Signature", _body_refusal(headers, body, secrets)),
        Finding("webhook-signature", _standard_refusal(headers, body, secrets, now)),
    )


def _body_refusal(headers: Mapping[str, str], body: bytes, secrets: Sequence[str]) -> str:
    names = ("x-ordinavo-signature", "x-ordinavo-signature-new")
    sent = [headers[name] for name in names if name in headers]
    if not sent:
        return "the header is missing: not from Ordinavo, or a proxy dropped it"
    if not all(value.startswith("sha256=") for value in sent):
        return "it does not start with sha256="
    right = ["sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest() for secret in secrets]
    return "" if _meet(sent, right) else _FITS_NONE


def _standard_refusal(headers: Mapping[str, str], body: bytes, secrets: Sequence[str], now: float) -> str:
    missing = [
        name for name in ("webhook-id", "webhook-timestamp", "webhook-signature") if name not in headers
    ]
    if missing:
        return f"missing: {', '.join(missing)}"
    stamp = headers["webhook-timestamp"]
    if not (stamp.isascii() and stamp.isdigit()):
        return "webhook-timestamp is no number of seconds"
    signed = f"{headers['webhook-id']}.{stamp}.".encode() + body
    right = ["v1," + _base64_hmac(secret, signed) for secret in secrets]
    if not _meet(headers["webhook-signature"].split(), right):
        return _FITS_NONE
    age = round(now - int(stamp))
    if age > TOLERANCE_SECONDS:
        return f"it is {age} seconds old: sent a second time by somebody, or your clock is fast"
    return "" if age >= -TOLERANCE_SECONDS else f"it is {-age} seconds ahead: your clock is slow"


def _base64_hmac(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


def _meet(sent: Sequence[str], right: Sequence[str]) -> bool:
    # In bytes: compare_digest refuses text that is not ASCII.
    return any(hmac.compare_digest(one.encode(), other.encode()) for one in sent for other in right)
