"""Counting what is frequent with a tenant, so that a search knows what an agreement tells."""

from collections import Counter

from django.db import connection
from django.utils import timezone

from customers.matching.names import read_name
from customers.matching.parties import read_address
from customers.matching.profiles import forget
from customers.matching.towns import NO_TOWNS, Towns
from customers.models import MatchingProfile
from customers.selectors.towns import towns_of

# Rarer values weigh nearly the same, so only these are kept.
_MOST_KEPT, _FEWEST = 3_000, 3
_AT_ONCE = 5_000

_KNOWN = """
SELECT customer.id, customer.name, site.street, site.postal_code, site.city
FROM customers_customer AS customer
LEFT JOIN customers_location AS site ON site.customer_id = customer.id AND site.active
WHERE customer.tenant_id = %s AND customer.active AND customer.id > %s
ORDER BY customer.id LIMIT %s
"""


def count_frequent(profile: MatchingProfile) -> None:
    """Count words, streets, cities, postcodes and neighbours anew, and set them on the profile.

    All customers are read, some thousands at a time.
    """
    census = _Census(towns_of(profile.tenant))
    last, more = 0, True
    while more:
        rows = _rows(profile.tenant_id, last)
        more = len(rows) == _AT_ONCE
        if more:
            # The sites of the last customer may go on behind the limit.
            rows = [row for row in rows if row[0] != rows[-1][0]] or rows
        for row in rows:
            census.take(*row)
        last = rows[-1][0] if rows else last
    profile.customers, profile.sites = census.customers, census.sites
    profile.neighbours = census.neighbours
    profile.counts = census.frequent()
    profile.refreshed_at = timezone.now()
    forget(profile.tenant_id)


class _Census:
    """Counts customers and their sites as they are taken, site by site."""

    def __init__(self, towns: Towns = NO_TOWNS) -> None:
        self._towns = towns
        self.customers = self.sites = 0
        self._last = 0
        self._counts: dict[str, Counter[str]] = {
            kind: Counter() for kind in ("word", "street", "city", "postcode")
        }
        self._houses: Counter[int] = Counter()

    def take(self, pk: int, name: str, street: str | None, postcode: str, city: str) -> None:
        """Count a site, and its customer if it is the first; a customer without sites has no street."""
        if pk != self._last:
            self._last, self.customers = pk, self.customers + 1
            self._counts["word"].update(set(read_name(name).words))
        if street is None:
            return
        self.sites += 1
        address = read_address(street=street, postcode=postcode, city=city, towns=self._towns)
        for kind, value in (
            ("street", address.street),
            ("city", "".join(address.city)),
            ("postcode", address.postcode),
        ):
            self._counts[kind][value] += 1
        if address.street and address.house is not None:
            self._houses[hash((address.postcode, address.street, address.house))] += 1

    @property
    def neighbours(self) -> float:
        """How many other sites a site shares its house with, on average."""
        return sum(n * (n - 1) for n in self._houses.values()) / max(1, self.sites)

    def frequent(self) -> dict[str, dict[str, int]]:
        """Return what is frequent of each kind."""
        return {
            kind: {value: n for value, n in counter.most_common(_MOST_KEPT) if value and n >= _FEWEST}
            for kind, counter in self._counts.items()
        }


def _rows(tenant_id: int, after: int) -> list[tuple[int, str, str | None, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [tenant_id, after, _AT_ONCE])
        return list(cursor.fetchall())
