"""Names of companies and people, taken apart: the words that tell, and the legal form."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from customers.matching.words import words_of

_DATA: dict[str, Any] = json.loads(
    (Path(__file__).with_name("data") / "names.json").read_text(encoding="utf-8")
)
# Spellings of one form; what stands here is never part of what tells two companies apart.
_FORMS: dict[str, str] = _DATA["forms"]
# Nobody is called like these, wherever they stand.
_ALWAYS = frozenset(_DATA["always"])
_LONG_FORMS = tuple((tuple(words), form) for words, form in _DATA["long"])
_ONE_WORD_FORMS: dict[str, str] = _DATA["oneWord"]
_NOISE = frozenset(_DATA["noise"])
_SHORT: dict[str, str] = _DATA["short"]


@dataclass(frozen=True, slots=True)
class Name:
    """`words` tell who it is, in their order; `joined` are they without spaces; `forms` are the law's."""

    words: tuple[str, ...] = ()
    forms: frozenset[str] = frozenset()
    joined: str = ""


@lru_cache(maxsize=32768)
def read_name(text: str) -> Name:
    """Take a name apart. A name of nothing but noise keeps its words."""
    everything = words_of(text)
    words, forms = _without_long_forms(list(everything))
    kept: list[str] = []
    for position, word in enumerate(words):
        if word in _FORMS and _is_form(words, position):
            forms.add(_FORMS[word])
        elif word in _ONE_WORD_FORMS and kept:
            forms.add(_ONE_WORD_FORMS[word])
        elif word not in _NOISE:
            kept.append(_SHORT.get(word, word))
    telling = tuple(kept) or everything
    return Name(telling, frozenset(forms) if kept else frozenset(), "".join(telling))


def _without_long_forms(words: list[str]) -> tuple[list[str], set[str]]:
    forms = set()
    for long, form in _LONG_FORMS:
        for start in range(len(words) - len(long) + 1):
            if tuple(words[start : start + len(long)]) == long:
                forms.add(form)
                del words[start : start + len(long)]
                break
    return words, forms


def _is_form(words: list[str], position: int) -> bool:
    """Short forms (`SE`, `AB`) count at the end only, where nothing but forms and noise follows."""
    if words[position] in _ALWAYS:
        return True
    return position > 0 and all(word in _FORMS or word in _NOISE for word in words[position + 1 :])
