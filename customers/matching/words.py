"""Words as they are compared: without case, accents, transliteration and punctuation."""

import re
import unicodedata
from functools import lru_cache

# What is longer than any name or street says no more; comparing it would take too long.
LONGEST, MOST_WORDS = 200, 12

# What Unicode does not take apart into a letter and its marks; apostrophes join (`O'Neill`).
_LETTERS = str.maketrans(
    {"ø": "o", "æ": "a", "œ": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "\u0131": "i", "ħ": "h"}
    | dict.fromkeys("'`\u2019\u00b4\u02bc")
)
# "Mueller" is "Müller" is "Muller".
_TRANSLITERATED = re.compile(r"(?<=[aou])e+")
_WORD = re.compile(r"[^\W_]+")


def plain(text: str) -> str:
    """Return the text in lower case without accents; umlauts in any spelling become their vowel."""
    lower = text[:LONGEST].casefold()
    if not lower.isascii():
        parts = unicodedata.normalize("NFKD", lower)
        lower = "".join(c for c in parts if not unicodedata.combining(c)).casefold()
    return _TRANSLITERATED.sub("", lower.translate(_LETTERS))[:LONGEST]


@lru_cache(maxsize=32768)
def words_of(text: str) -> tuple[str, ...]:
    """Return at most a dozen words; single letters that follow each other are one (`A.B.C.`, `H & M`)."""
    words: list[str] = []
    letters = ""
    for word in _WORD.findall(plain(text)):
        if len(word) == 1:
            letters += word
            continue
        if letters:
            words.append(_TRANSLITERATED.sub("", letters))
            letters = ""
        words.append(word)
    if letters:
        words.append(_TRANSLITERATED.sub("", letters))
    return tuple(words[:MOST_WORDS])
