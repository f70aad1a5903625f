"""Encryption of stored secrets: Fernet (AES-128-CBC with HMAC-SHA256), several keys, the first one encrypts.

A key is 32 random bytes in URL-safe base64, made by `python -c "from cryptography.fernet import Fernet;
print(Fernet.generate_key().decode())"`. To rotate, put a new key in front and keep the old one behind it.
"""

from collections.abc import Sequence
from functools import lru_cache

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def validate_keys(keys: Sequence[str]) -> None:
    """Refuse an empty list and keys that are no Fernet keys, without naming them."""
    if not keys:
        raise ImproperlyConfigured("FIELD_KEYS must hold at least one key of 32 bytes in URL-safe base64.")
    for position, key in enumerate(keys, start=1):
        try:
            Fernet(key)
        except ValueError as exc:
            raise ImproperlyConfigured(
                f"Key {position} of FIELD_KEYS must be 32 bytes in URL-safe base64."
            ) from exc


@lru_cache(maxsize=1)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(plain: bytes) -> bytes:
    """Return the token for plain bytes under the first key."""
    return _box(tuple(settings.FIELD_KEYS)).encrypt(plain)


def decrypt(token: bytes) -> bytes:
    """Return the plain bytes; `cryptography.fernet.InvalidToken` if no key fits."""
    return _box(tuple(settings.FIELD_KEYS)).decrypt(token)
