"""Phone numbers in E.164; what was sent is kept beside them."""

import re
from functools import cache, lru_cache

import phonenumbers
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

_LENGTH = 16
_PLAIN = re.compile(r"\+[1-9][0-9 ]{6,20}")


@lru_cache(maxsize=8192)
def phone_key(phone: str, country: str) -> str:
    """Return the number in E.164 (`+49201123456`), or "" for what is no number; `country` is the default.

    What a country's numbering plan does not know (`0000000`) is no evidence of anybody. A number that names
    its country is trusted further, since plans grow.
    """
    return plain_key(phone) or parsed_key(phone, country)


def plain_key(phone: str) -> str:
    """Return the key of a number in plain international form, or "" for what needs the whole grammar.

    Most numbers of ERP systems are plain, and the grammar costs nine times as much.
    """
    if _PLAIN.fullmatch(phone) is None:
        return ""
    digits = phone[1:].replace(" ", "")
    code = next((digits[:n] for n in (1, 2, 3) if int(digits[:n]) in COUNTRY_CODE_TO_REGION_CODE), "")
    lengths, national_prefix = _plan(int(code or 0))
    national = digits[len(code) :]
    if len(national) not in lengths or len(digits) >= _LENGTH or national_prefix.match(national):
        return ""
    return f"+{digits}"


def parsed_key(phone: str, country: str) -> str:
    """Return the key of a number in whatever form people write."""
    try:
        parsed = phonenumbers.parse(phone, country, keep_raw_input=True)
    except phonenumbers.NumberParseException:
        return ""
    if not _plausible(parsed):
        return ""
    # Some numbering plans allow more than the 15 digits of E.164; such a number has no key.
    key = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return key if len(key) <= _LENGTH else ""


@cache
def _plan(code: int) -> tuple[frozenset[int], re.Pattern[str]]:
    """Return how long the national numbers of a country code can be, and how a national prefix begins."""
    region = COUNTRY_CODE_TO_REGION_CODE.get(code, ("",))[0]
    metadata = PhoneMetadata.metadata_for_region(region, None) if code else None
    if metadata is None or metadata.general_desc is None:
        return frozenset(), re.compile("")
    prefix = metadata.national_prefix_for_parsing
    # Italy and others write the zero of the national form in the international one too.
    return frozenset(metadata.general_desc.possible_length), re.compile(f"0|{prefix}" if prefix else "0")


def _plausible(number: phonenumbers.PhoneNumber) -> bool:
    if number.country_code_source == phonenumbers.CountryCodeSource.FROM_DEFAULT_COUNTRY:
        return phonenumbers.is_valid_number(number)
    return phonenumbers.is_possible_number(number)
