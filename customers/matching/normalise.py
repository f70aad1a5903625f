"""Normalised forms for look-ups; what was sent is kept beside them."""

import re
import unicodedata
from functools import lru_cache

import phonenumbers

_SPACE = re.compile(r"\s+")
_NAME_LENGTH, _EMAIL_LENGTH, _PHONE_LENGTH = 200, 254, 16
# Turkish has an i with and one without a dot; casefolding keeps both apart from the common one.
_TURKISH_I = re.compile("\N{LATIN SMALL LETTER DOTLESS I}|i\N{COMBINING DOT ABOVE}+")


def name_key(name: str) -> str:
    """Return the name in compatibility form, without regard to case and runs of white space."""
    return text_key(name)[:_NAME_LENGTH].rstrip()


def text_key(text: str) -> str:
    """Return a text of any length in the form that `name_key` gives to names."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return _SPACE.sub(" ", _TURKISH_I.sub("i", folded)).strip()


def email_key(email: str) -> str:
    """Return the address without surrounding space and regard to case."""
    # Folding makes some letters two ("ß"), so the result may be longer than an address can be.
    return email.strip().casefold()[:_EMAIL_LENGTH]


@lru_cache(maxsize=8192)
def phone_key(phone: str, country: str) -> str:
    """Return the number in E.164 (`+49201123456`), or "" for what is no number; `country` is the default.

    What a country's numbering plan does not know (`0000000`) is no evidence of anybody. A number that names
    its country is trusted further, since plans grow.
    """
    try:
        parsed = phonenumbers.parse(phone, country, keep_raw_input=True)
    except phonenumbers.NumberParseException:
        return ""
    if not _plausible(parsed):
        return ""
    # Some numbering plans allow more than the 15 digits of E.164; such a number has no key.
    key = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return key if len(key) <= _PHONE_LENGTH else ""


def _plausible(number: phonenumbers.PhoneNumber) -> bool:
    if number.country_code_source == phonenumbers.CountryCodeSource.FROM_DEFAULT_COUNTRY:
        return phonenumbers.is_valid_number(number)
    return phonenumbers.is_possible_number(number)
