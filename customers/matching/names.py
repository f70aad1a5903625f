"""Names of companies and people, taken apart: the words that tell, and the legal form."""

from dataclasses import dataclass
from functools import lru_cache

from customers.matching.words import words_of

# Spellings of one form; what stands here is never part of what tells two companies apart.
_FORMS = {
    "gmbh": "gmbh",
    "mbh": "gmbh",
    "gesmbh": "gmbh",
    "ggmbh": "gmbh",
    "ag": "ag",
    "kg": "kg",
    "kgaa": "kgaa",
    "ohg": "ohg",
    "gbr": "gbr",
    "ug": "ug",
    "haftungsbeschrankt": "ug",
    "ev": "ev",
    "eg": "eg",
    "ek": "ek",
    "ekfr": "ek",
    "ekfm": "ek",
    "partg": "partg",
    "partgmbb": "partg",
    "se": "se",
    "ltd": "ltd",
    "limited": "ltd",
    "inc": "inc",
    "incorporated": "inc",
    "llc": "llc",
    "llp": "llp",
    "plc": "plc",
    "corp": "corp",
    "corporation": "corp",
    "sarl": "sarl",
    "sas": "sas",
    "sasu": "sas",
    "eurl": "eurl",
    "sa": "sa",
    "spa": "spa",
    "srl": "srl",
    "bv": "bv",
    "nv": "nv",
    "vof": "vof",
    "ab": "ab",
    "aps": "aps",
    "oy": "oy",
    "sl": "sl",
    "slu": "sl",
    "lda": "lda",
    "doo": "doo",
    "kft": "kft",
    "sro": "sro",
    "spzoo": "spzoo",
}
# Nobody is called like this alone, wherever it stands.
_ALWAYS = {"gmbh", "mbh", "gesmbh", "ggmbh", "kg", "kgaa", "ohg", "gbr", "haftungsbeschrankt", "sarl", "ltd"}
_LONG_FORMS = (
    (("gesellschaft", "mit", "beschrankter", "haftung"), "gmbh"),
    (("sp", "zoo"), "spzoo"),
    (("eingetragener", "verein"), "ev"),
    (("offene", "handelsgesellschaft"), "ohg"),
)
_ONE_WORD_FORMS = {"aktiengesellschaft": "ag", "kommanditgesellschaft": "kg"}
_NOISE = frozenset(
    "und and et y e the der die das co cie company firma fa herr herrn frau mr mrs ms dr prof dipl ing".split()  # noqa: SIM905  (read better so)
)
_SHORT = {
    "gebr": "gebruder",
    "bros": "brothers",
    "intl": "international",
    "st": "sankt",
    "dt": "deutsche",
    "ges": "gesellschaft",
    "masch": "maschinen",
    "vers": "versicherungen",
    "immob": "immobilien",
    "transp": "transporte",
    "elektrotechn": "elektrotechnik",
    "gebauderein": "gebaudereinigung",
    "ingburo": "ingenieurburo",
}


@dataclass(frozen=True, slots=True)
class Name:
    """`words` tell who it is, in the order of the name; `joined` are they without spaces; `forms` the law's."""

    words: tuple[str, ...] = ()
    forms: frozenset[str] = frozenset()
    joined: str = ""


@lru_cache(maxsize=32768)
def read_name(text: str) -> Name:
    """Take a name apart. A name of nothing but noise keeps its words."""
    everything = words_of(text)
    words, forms = _without_long_forms(list(everything))
    kept = []
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
