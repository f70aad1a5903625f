"""How another system spells what is known: frozen before weights were tuned."""

from random import Random

from tests.bench.matching import german_words as words
from tests.bench.matching.records import Arrival, Known, Place

_TRANSLITERATED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
_STRIPPED = str.maketrans("äöüßÄÖÜşŞ", "aousAOUsS")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def noisy(
    random: Random, customer: Known, place: Place, *, truth: int | None, site: int | None, kind: str = ""
) -> Arrival:
    """Return the arrival; what a sender leaves out or gets wrong is drawn field by field."""
    moved = truth is not None and site is None
    return Arrival(
        name=_name(random, customer.name),
        street=_street(random, place),
        postal_code=_postal_code(random, place.postal_code),
        city=_city(random, place.city),
        phone=_phone(random, customer.phone, place.area),
        email=_email(random, customer.email),
        truth=truth,
        site=site,
        kind=kind or ("moved" if moved else "known"),
    )


def typo(random: Random, text: str) -> str:
    """Drop, double, change or swap one letter."""
    if len(text) < 3:
        return text
    at = random.randrange(1, len(text) - 1)
    kind = random.randrange(4)
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + text[at] + text[at:]
    if kind == 2:
        return text[:at] + random.choice(_LETTERS) + text[at + 1 :]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _name(random: Random, name: str) -> str:
    chance = random.random
    if chance() < 0.3:
        name = _other_form(random, name)
    if chance() < 0.3:
        name = name.replace("&", "und") if chance() < 0.5 else name.replace(" & ", " + ")
    if chance() < 0.05:
        for long, short in words.ABBREVIATIONS.items():
            name = name.replace(long, short)
    name = _letters(random, name)
    if chance() < 0.03:
        name = " ".join(reversed(name.split()))
    if chance() < 0.05 and len(name.split()) > 3:
        parts = name.split()
        name = " ".join(parts[:1] + parts[2:])
    for limit in (0.10, 0.02):
        name = typo(random, name) if chance() < limit else name
    if chance() < 0.1:
        name = name.upper()
    return f"Firma {name}" if chance() < 0.02 else name


def _letters(random: Random, text: str) -> str:
    some = random.random()
    if some < 0.3:
        return text.translate(_TRANSLITERATED)
    return text.translate(_STRIPPED) if some < 0.35 else text


def _other_form(random: Random, name: str) -> str:
    for form, _ in words.LEGAL:
        if form and name.endswith(f" {form}"):
            bare = name.removesuffix(f" {form}")
            spelled = {"GmbH": "G.m.b.H.", "GmbH & Co. KG": "GmbH & Co KG", "e.K.": "eK"}.get(form, form)
            return bare if random.random() < 0.6 else f"{bare} {spelled}"
    return name


def _street(random: Random, place: Place) -> str:
    chance = random.random
    if chance() < 0.03:
        return ""
    street, number = place.street, place.number
    if chance() < 0.4:
        street = street.replace("straße", random.choice(("str.", "str", "strasse"))).replace(
            "Straße", random.choice(("Str.", "Strasse"))
        )
    street = _letters(random, street)
    if chance() < 0.05:
        street = typo(random, street)
    if chance() < 0.03:
        number = number.rstrip("abcd").split("-")[0]
    if chance() < 0.02:
        number = ""
    return f"{street} {number}".strip()


def _postal_code(random: Random, code: str) -> str:
    some = random.random()
    if some < 0.02:
        return ""
    if some < 0.04:
        at = random.randrange(len(code))
        return code[:at] + random.choice("0123456789") + code[at + 1 :]
    return f"D-{code}" if some < 0.06 else code


def _city(random: Random, city: str) -> str:
    some = random.random()
    if some < 0.02:
        return typo(random, city)
    if some < 0.06:
        return city.split(maxsplit=1)[0]
    return f"{city}-{random.choice(('Mitte', 'Nord', 'Süd'))}" if some < 0.1 else _letters(random, city)


def _phone(random: Random, phone: str, area: str) -> str:
    some = random.random()
    if some < 0.4 or not phone:
        return ""
    if some < 0.45:
        return f"{area} {random.randint(20_000, 99_999_999)}"
    if some < 0.7:
        return f"+49 {phone[1:]}"
    return f"{phone[:4]} / {phone[4:]}" if some < 0.85 else phone


def _email(random: Random, email: str) -> str:
    some = random.random()
    if some < 0.5 or not email:
        return ""
    domain = email.split("@")[1]
    if some < 0.58 and domain not in words.FREE_MAIL:
        return f"{random.choice(words.FIRST_NAMES).lower()}@{domain}"
    return email.upper() if some < 0.62 else email
