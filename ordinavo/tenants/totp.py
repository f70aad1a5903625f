"""Codes of authenticator apps (RFC 6238): six digits of an HMAC-SHA1 over the half minute that it is."""

import hashlib
import hmac
import secrets
from base64 import b32encode
from urllib.parse import quote, urlencode

PERIOD_SECONDS = 30
DIGITS = 6
SECRET_BYTES = 20
# Clocks differ: the half minute before and the one after count as well.
TOLERANCE = 1
ISSUER = "Ordinavo Connect"


def new_secret() -> bytes:
    """Return a random secret, as long as the hash that it keys."""
    return secrets.token_bytes(SECRET_BYTES)


def step_at(seconds: float) -> int:
    """Return which half minute of unix time it is."""
    return int(seconds // PERIOD_SECONDS)


def code_of(secret: bytes, step: int) -> str:
    """Return the code of one half minute."""
    mac = hmac.digest(secret, step.to_bytes(8), hashlib.sha1)
    start = mac[-1] & 0x0F
    number = int.from_bytes(mac[start : start + 4]) & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def matching_step(secret: bytes, code: str, *, seconds: float) -> int | None:
    """Return the half minute whose code this is, if it is now or next to now."""
    now = step_at(seconds)
    steps = range(now - TOLERANCE, now + TOLERANCE + 1)
    fitting = [step for step in steps if hmac.compare_digest(code_of(secret, step).encode(), code.encode())]
    return fitting[0] if fitting else None


def as_text(secret: bytes) -> str:
    """Return the secret as apps take it when it is typed in."""
    return b32encode(secret).decode()


def address_of(secret: bytes, *, account: str) -> str:
    """Return the `otpauth:` address that a QR code holds."""
    query = urlencode(
        {"secret": as_text(secret), "issuer": ISSUER, "digits": DIGITS, "period": PERIOD_SECONDS},
        quote_via=quote,
    )
    return f"otpauth://totp/{quote(ISSUER)}:{quote(account)}?{query}"
