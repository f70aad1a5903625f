"""Normalised forms for look-ups; what was sent is kept beside them."""

import re
import unicodedata

_SPACE = re.compile(r"\s+")
_NAME_LENGTH, _EMAIL_LENGTH = 200, 254
# Turkish has an i with and one without a dot; casefolding keeps both apart from the common one.
_TURKISH_I = re.compile("\N{LATIN SMALL LETTER DOTLESS I}|i\N{COMBINING DOT ABOVE}+")


def name_key(name: str) -> str:
    """Return the name in compatibility form, without regard to case and runs of white space."""
    return text_key(name)[:_NAME_LENGTH].rstrip()


def text_key(text: str) -> str:
    """Return a text of any length in the form that `name_key` gives to names."""
    if text.isascii():
        return " ".join(text.lower().split())
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return _SPACE.sub(" ", _TURKISH_I.sub("i", folded)).strip()


def email_key(email: str) -> str:
    """Return the address without surrounding space and regard to case."""
    # Folding makes some letters two ("ß"), so the result may be longer than an address can be.
    return email.strip().casefold()[:_EMAIL_LENGTH]
