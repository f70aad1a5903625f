"""Known customers and arrivals, of whatever set they are."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """An address in its parts; `area` is the area code of its phones."""

    street: str
    number: str
    postal_code: str
    city: str
    area: str = ""

    @property
    def line(self) -> str:
        """Street and number as German addresses have them."""
        return f"{self.street} {self.number}".strip()


@dataclass(frozen=True, slots=True)
class Known:
    """A customer with its sites."""

    name: str
    places: tuple[Place, ...]
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What was sent. `truth` and `site` are positions in the known set, or None; `kind`: how it was made."""

    name: str
    street: str
    postal_code: str
    city: str
    phone: str = ""
    email: str = ""
    truth: int | None = None
    site: int | None = None
    kind: str = ""
