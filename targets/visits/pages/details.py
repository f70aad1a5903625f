"""One stop with all that the employee needs there, and nothing else."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from targets.models import Target
from targets.visits.models import Appointment
from targets.visits.pages.shown import Card, cards, sent_text

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Person:
    """Whom to ask at the customer's; `phone` is written as it was given, `dial` as a phone needs it."""

    name: str
    role: str
    phone: str
    email: str

    @property
    def dial(self) -> str:
        """The number without what people write for the eye."""
        return "".join(letter for letter in self.phone if letter.isdecimal() or letter == "+")


@dataclass(frozen=True, slots=True)
class Details:
    """A stop on a page of its own."""

    card: Card
    description: str
    template: str
    template_text: str
    access_notes: str
    parking_notes: str
    people: tuple[Person, ...]
    fields: tuple[tuple[str, str], ...]


def details_of(stop: Appointment, *, agent: str) -> Details:
    """Return what the page of a stop shows of its target."""
    target = stop.target
    location, template = target.location, target.template
    return Details(
        card=cards([stop], agent=agent)[0],
        description=target.description,
        template=template.name if template else "",
        template_text=template.description if template else "",
        access_notes=location.access_notes if location else "",
        parking_notes=location.parking_notes if location else "",
        people=tuple(_people(target)),
        fields=tuple(custom_fields(target.custom_fields)),
    )


def custom_fields(sent: Any) -> Iterable[tuple[str, str]]:
    """Yield the names and values that the sender added; names as people write them, empty ones left out."""
    for name, value in (sent or {}).items():
        text = _in_words(value)
        if text:
            yield _spelled(name), text


def _people(target: Target) -> Iterable[Person]:
    """Yield the contact, then the customer's own number, unless it is the same."""
    known: set[str] = set()
    for person in _candidates(target):
        if (person.phone or person.email or person.role) and not {person.phone, person.email} - {""} <= known:
            known |= {person.phone, person.email}
            yield person


def _candidates(target: Target) -> Iterable[Person]:
    contact, customer = target.contact, target.customer
    if contact is not None:
        yield Person(contact.display_name, contact.role, contact.phone, contact.email)
    if customer is not None:
        yield Person(customer.name, "", customer.phone, customer.email)
    name = sent_text(target, "contactName") or sent_text(target, "name")
    yield Person(name, "", sent_text(target, "phone"), sent_text(target, "email"))


def _in_words(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return "" if value is None else str(value).strip()


def _spelled(name: str) -> str:
    """Return `Gate Code` for `gateCode` and `Gate code` for `gate_code`."""
    words = _CAMEL.sub(" ", name).replace("_", " ").strip()
    return words[:1].upper() + words[1:]
