"""Records as parties that can be compared: what was sent, and what is known."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from customers.matching.addresses import Address, read_city, read_postcode, read_street
from customers.matching.drafts import RecordSet
from customers.matching.names import Name, read_name
from customers.matching.normalise import email_key
from customers.matching.phones import phone_key
from customers.matching.scoring import Party
from customers.matching.towns import NO_TOWNS, Towns


@dataclass(frozen=True, slots=True)
class Said:
    """The same as people read it, for explanations."""

    name: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    phone: str = ""
    email: str = ""
    person: str = ""

    def of(self, field: str) -> str:
        """Return the text that a field of the evidence is about."""
        match field:
            case "name" | "form":
                return self.name
            case "street" | "number" | "house":
                return self.street
            case "contact":
                return self.person
            case "distance":
                return ""
        return str(getattr(self, field))


def read_address(
    *,
    street: str,
    postcode: str,
    city: str,
    country: str = "",
    point: tuple[Any, Any] = (None, None),
    towns: Towns = NO_TOWNS,
) -> Address:
    """Take an address apart; what is no place on earth is no point.

    `towns` are those that go by several names with the tenant; keys are stored without them.
    """
    key, sent, house = read_street(street) if street else ("", "", None)
    return Address(
        street=key,
        street_sent=sent,
        house=house,
        postcode=read_postcode(postcode, country) if postcode else "",
        city=towns.meant(read_city(city)) if city else (),
        country=country.upper(),
        point=_point(*point),
    )


def said_by(records: RecordSet) -> Said:
    """Return what was sent, in words."""
    customer, location, contact = (_values(draft) for draft in _each(records))
    return Said(
        name=_text(customer, "name"),
        street=_text(location, "street"),
        postcode=_text(location, "postal_code"),
        city=_text(location, "city"),
        phone=_text(customer, "phone") or _text(contact, "phone"),
        email=_text(customer, "email") or _text(contact, "email"),
        person=_text(contact, "display_name"),
    )


def party_of(records: RecordSet, *, country: str, towns: Towns = NO_TOWNS) -> Party:
    """Return what was sent; customer, location and contact of one target speak for one party.

    `country` is the tenant's, for phones without one, and so are the `towns` that go by several names.
    """
    customer, location, contact = (_values(draft) for draft in _each(records))
    both = (customer, contact)
    return Party(
        names=_names([_text(customer, "name")]),
        address=address_of(location, towns),
        phones=frozenset(phone_key(_text(one, "phone"), country) for one in both if _text(one, "phone"))
        - {""},
        emails=frozenset(email_key(_text(one, "email")) for one in both) - {""},
        people=_names([_text(contact, "display_name")]),
    )


def address_of(values: dict[str, Any], towns: Towns = NO_TOWNS) -> Address:
    """Return the address among the columns of a location."""
    return read_address(
        street=_text(values, "street"),
        postcode=_text(values, "postal_code"),
        city=_text(values, "city"),
        country=_text(values, "country"),
        point=(values.get("latitude"), values.get("longitude")),
        towns=towns,
    )


def _names(texts: Iterable[str]) -> tuple[Name, ...]:
    return tuple(read_name(text) for text in texts if text)


def _each(records: RecordSet) -> tuple[Any, Any, Any]:
    return records.customer, records.location, records.contact


def _values(draft: Any) -> dict[str, Any]:
    return {} if draft is None else dict(draft.values)


def _text(values: dict[str, Any], column: str) -> str:
    return str(values.get(column) or "")


def _point(latitude: Any, longitude: Any) -> tuple[float, float] | None:
    if latitude is None or longitude is None:
        return None
    return float(latitude), float(longitude)
