"""Normalised forms for look-ups; what was sent is kept beside them."""

import re
import unicodedata

import phonenumbers

_SPACE = re.compile(r"\s+")
_NAME_LENGTH = 200


def name_key(name: str) -> str:
    """Return the name in compatibility form, without regard to case and runs of white space."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return _SPACE.sub(" ", plain).strip()[:_NAME_LENGTH]


def email_key(email: str) -> str:
    """Return the address without surrounding space and regard to case."""
    return email.strip().casefold()


def phone_key(phone: str, country: str) -> str:
    """Return the number in E.164 (`+49201123456`), or "" for what is no number; `country` is the default."""
    try:
        parsed = phonenumbers.parse(phone, country)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(parsed):
        return ""
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
