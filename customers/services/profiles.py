"""Counting what is frequent with a tenant, so that a search knows what an agreement tells."""

from collections import Counter

from django.db import connection
from django.utils import timezone

from customers.matching.names import read_name
from customers.matching.parties import read_address
from customers.matching.profiles import forget
from customers.models import MatchingProfile

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
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in ("word", "street", "city", "postcode")}
    houses: Counter[int] = Counter()
    customers, sites, last, at_last = 0, 0, 0, True
    while at_last:
        rows = _rows(profile.tenant_id, last)
        at_last = len(rows) == _AT_ONCE
        if at_last:
            # The sites of the last customer may go on behind the limit.
            rows = [row for row in rows if row[0] != rows[-1][0]] or rows
        seen = 0
        for pk, name, street, postcode, city in rows:
            if pk != seen:
                customers, seen = customers + 1, pk
                counts["word"].update(set(read_name(name).words))
            if street is None:
                continue
            sites += 1
            address = read_address(street=street, postcode=postcode, city=city)
            counts["street"][address.street] += 1
            counts["city"]["".join(address.city)] += 1
            counts["postcode"][address.postcode] += 1
            if address.street and address.house is not None:
                houses[hash((address.postcode, address.street, address.house))] += 1
        last = rows[-1][0] if rows else last
    profile.customers, profile.sites = customers, sites
    profile.neighbours = sum(n * (n - 1) for n in houses.values()) / max(1, sites)
    profile.counts = {
        kind: {value: n for value, n in counter.most_common(_MOST_KEPT) if value and n >= _FEWEST}
        for kind, counter in counts.items()
    }
    profile.refreshed_at = timezone.now()
    forget(profile.tenant_id)


def _rows(tenant_id: int, after: int) -> list[tuple[int, str, str | None, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [tenant_id, after, _AT_ONCE])
        return list(cursor.fetchall())
