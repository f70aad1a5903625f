"""API keys as text: prefix, random part, checksum.

`fio_live_` or `fio_test_`, 30 random characters of base62 (178 bits), six characters of base62 that hold the
CRC-32 of all before them. The checksum is no secret: it tells a mistyped or truncated key, and a secret
scanner's find, from a real one without a look into the database.
"""

import hashlib
import re
import secrets
import string
import zlib

ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
RANDOM_LENGTH = 30
CHECKSUM_LENGTH = 6
VISIBLE_RANDOM = 4
_SHAPE = re.compile(rf"fio_(live|test)_[0-9A-Za-z]{{{RANDOM_LENGTH + CHECKSUM_LENGTH}}}")
_PREFIX_LENGTH = len("fio_live_")


def new_key(environment: str) -> str:
    """Return a new secret for `live` or `test`."""
    rest = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_LENGTH))
    start = f"fio_{environment}_{rest}"
    return start + _checksum(start)


def well_formed(text: str) -> bool:
    """Whether the text has the shape of a key and its checksum is right."""
    if _SHAPE.fullmatch(text) is None:
        return False
    return _checksum(text[:-CHECKSUM_LENGTH]) == text[-CHECKSUM_LENGTH:]


def digest(text: str) -> bytes:
    """Return the 32 bytes that are stored in place of the secret; so many random bits need no slow hash."""
    return hashlib.sha256(text.encode()).digest()


def visible_start(text: str) -> str:
    """Return what may be shown in lists: the prefix and the first random characters."""
    return text[: _PREFIX_LENGTH + VISIBLE_RANDOM]


def _checksum(start: str) -> str:
    number, characters = zlib.crc32(start.encode()), ""
    for _ in range(CHECKSUM_LENGTH):
        number, digit = divmod(number, len(ALPHABET))
        characters = ALPHABET[digit] + characters
    return characters
