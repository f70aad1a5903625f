"""Towns that go by several names with a tenant: districts, foreign and former names."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from customers.matching.addresses import read_city

# A town as addresses have it, and the same without spaces, as towns are compared.
Words = tuple[str, ...]


class Towns:
    """Which names mean one town. A name may stand for one that stands for a third; circles do no harm."""

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        """Take pairs as people write them: another name, and the city that it stands for."""
        stands_for: dict[str, str] = {}
        self._words: dict[str, Words] = {}
        for alias, city in ((read_city(one), read_city(other)) for one, other in pairs):
            self._words |= {"".join(alias): alias, "".join(city): city}
            stands_for["".join(alias)] = "".join(city)
        self._meant = {alias: _end(alias, stands_for) for alias in stands_for}
        called: dict[str, set[str]] = defaultdict(set)
        for name, meant in self._meant.items():
            called[meant].add(name)
        self._called = {city: tuple(sorted(names - {city})) for city, names in called.items()}

    def meant(self, city: Words) -> Words:
        """Return the town that is meant, which is the one that was named unless it is an alias."""
        if not self._meant:
            return city
        meant = self._meant.get("".join(city))
        return city if meant is None else self._words[meant]

    def names(self, city: Words) -> tuple[str, ...]:
        """Return what the town that is meant is called, without spaces: its own name first."""
        name = "".join(city)
        return (name, *self._called.get(name, ()))


NO_TOWNS = Towns()


def town_key(name: str) -> str:
    """Return a name as towns are compared, "" if nothing of it tells one."""
    return "".join(read_city(name))


def _end(name: str, stands_for: Mapping[str, str]) -> str:
    passed: list[str] = []
    while name in stands_for and name not in passed:
        passed.append(name)
        name = stands_for[name]
    # Names that stand for each other in a circle mean one town, whichever is taken.
    return min(passed[passed.index(name) :]) if name in passed else name
