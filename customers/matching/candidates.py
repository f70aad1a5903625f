"""Who may be meant: candidates for a set of parties, with a fixed number of bounded statements."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from customers.matching.domains import business_domain
from customers.matching.keys import domain_key, wanted_keys
from customers.matching.names import read_name
from customers.matching.parties import Said, read_address
from customers.matching.scoring import Party
from customers.matching.towns import NO_TOWNS, Towns
from ordinavo.kernel.json_text import json_text
from ordinavo.kernel.trips import one_trip
from ordinavo.tenants.models import Tenant

# Of one key so many records are read, and so many sites of those with the most keys in common are compared.
_MOST_OF_A_KEY, _MOST_COMPARED, _MOST_SITES, _MOST_PEOPLE = 30, 10, 3, 8
# Who shares a phone or mailbox with more than this says nothing by it.
_MOST_HOLDERS = 7
_MANY = 99

# Each key is looked up for itself, whatever the planner thinks of the table.
_HITS = """
SELECT n, customer_id, location_id FROM (
    SELECT wanted.n, hit.customer_id, hit.location_id,
        row_number() OVER (PARTITION BY wanted.n ORDER BY count(*) DESC, hit.customer_id DESC) AS rank
    FROM json_to_recordset(%s::json) AS wanted(n int, key int),
    LATERAL (
        SELECT customer_id, location_id FROM customers_searchkey AS known
        WHERE known.tenant_id = %s AND known.key = wanted.key LIMIT %s
    ) AS hit
    GROUP BY wanted.n, hit.customer_id, hit.location_id
) AS ranked WHERE rank <= %s
"""

_HOLDERS = """
SELECT wanted.value, holder.id
FROM json_to_recordset(%(wanted)s::json) AS wanted(kind text, value text),
LATERAL (
    (SELECT id FROM customers_customer WHERE wanted.kind = 'email' AND tenant_id = %(tenant)s
        AND email_key = wanted.value AND email_key <> '' LIMIT %(most)s)
    UNION
    (SELECT customer_id FROM customers_contact WHERE wanted.kind = 'email' AND tenant_id = %(tenant)s
        AND email_key = wanted.value AND email_key <> '' LIMIT %(most)s)
    UNION
    (SELECT id FROM customers_customer WHERE wanted.kind = 'phone' AND tenant_id = %(tenant)s
        AND phone_key = wanted.value AND phone_key <> '' LIMIT %(most)s)
    UNION
    (SELECT customer_id FROM customers_contact WHERE wanted.kind = 'phone' AND tenant_id = %(tenant)s
        AND phone_key = wanted.value AND phone_key <> '' LIMIT %(most)s)
    UNION
    (SELECT customer_id FROM customers_searchkey WHERE wanted.kind = 'domain' AND tenant_id = %(tenant)s
        AND key = CASE WHEN wanted.kind = 'domain' THEN wanted.value::int END LIMIT %(most)s)
) AS holder
"""

# Sites that were hit, and some of a customer that was hit for itself.
_SITES = """
SELECT customer.id, customer.name, customer.number, customer.email_key, customer.phone_key, customer.phone,
    site.id, site.street, site.postal_code, site.city, site.country, site.latitude, site.longitude
FROM json_to_recordset(%s::json) AS wanted(customer_id bigint, location_id bigint)
JOIN customers_customer AS customer ON customer.id = wanted.customer_id
LEFT JOIN LATERAL (
    SELECT * FROM customers_location AS location
    WHERE location.customer_id = customer.id AND location.active
        AND (wanted.location_id IS NULL OR location.id = wanted.location_id)
    ORDER BY location.id LIMIT %s
) AS site ON true
WHERE customer.tenant_id = %s AND customer.active
"""

_PEOPLE = """
SELECT customer_id, display_name, email_key, phone_key
FROM unnest(%s::bigint[]) AS wanted(id),
LATERAL (
    SELECT customer_id, display_name, email_key, phone_key FROM customers_contact
    WHERE customer_id = wanted.id AND active ORDER BY id LIMIT %s
) AS contact
"""


@dataclass(frozen=True, slots=True)
class Site:
    """A known customer at one of its places, to be compared; `location_id` is None for one without any."""

    customer_id: int
    location_id: int | None
    number: str
    party: Party
    said: Said


@dataclass(slots=True)
class Candidates:
    """Sites by position of the party that they may be, and how many customers hold a phone or mailbox."""

    sites: dict[int, list[Site]] = field(default_factory=lambda: defaultdict(list))
    holders: dict[str, int] = field(default_factory=dict)


def find_candidates(
    tenant: Tenant,
    parties: Sequence[Party],
    *,
    also: Mapping[int, Iterable[int]],
    aliases: Mapping[int, Sequence[str]] | None = None,
    towns: Towns = NO_TOWNS,
) -> Candidates:
    """Return who the parties may be: four statements. `also` names customers to compare a party with."""
    hits, holding = _hits(tenant, parties, towns)
    found = Candidates(holders=_counted(holding))
    wanted: dict[int, set[tuple[int, int | None]]] = defaultdict(set)
    for n, customer_id, location_id in hits:
        wanted[n].add((customer_id, location_id))
    for n, party in enumerate(parties):
        known = {customer_id for customer_id, _ in wanted[n]}
        held = {one for value in (*party.phones, *party.emails) for one in holding.get(value, ())}
        wanted[n] |= {(one, None) for one in (held | set(also.get(n, ()))) - known}
    sites = _sites(tenant, {pair for pairs in wanted.values() for pair in pairs}, aliases or {}, towns)
    for n, pairs in wanted.items():
        unique = {
            (site.customer_id, site.location_id): site
            for pair in sorted(pairs, key=str)
            for site in sites[pair]
        }
        found.sites[n] = list(unique.values())
    return found


def _hits(
    tenant: Tenant, parties: Sequence[Party], towns: Towns
) -> tuple[list[tuple[int, int, int | None]], dict[str, set[int]]]:
    keys = [
        {"n": n, "key": key}
        for n, party in enumerate(parties)
        if party.names
        for key in sorted(wanted_keys(party.names[0], party.address, party.emails, towns))
    ]
    values = [
        {"kind": kind, "value": value}
        for kind, value in sorted(
            {("email", email) for party in parties for email in party.emails}
            | {("phone", phone) for party in parties for phone in party.phones}
        )
    ]
    domains = {business_domain(email) for party in parties for email in party.emails} - {""}
    by_key = {str(domain_key(domain)): domain for domain in sorted(domains)}
    values += [{"kind": "domain", "value": key} for key in by_key]
    with connection.cursor() as hits, connection.cursor() as holders:
        with one_trip():
            hits.execute(_HITS, [json_text(keys), tenant.pk, _MOST_OF_A_KEY, _MOST_COMPARED])
            holders.execute(
                _HOLDERS, {"wanted": json_text(values), "tenant": tenant.pk, "most": _MOST_HOLDERS}
            )
        holding: dict[str, set[int]] = defaultdict(set)
        for value, customer_id in holders.fetchall():
            holding[by_key.get(value, value)].add(customer_id)
        return list(hits.fetchall()), holding


def _counted(holding: Mapping[str, set[int]]) -> dict[str, int]:
    return {value: len(ids) if len(ids) < _MOST_HOLDERS else _MANY for value, ids in holding.items()}


def _sites(
    tenant: Tenant,
    wanted: set[tuple[int, int | None]],
    aliases: Mapping[int, Sequence[str]],
    towns: Towns,
) -> Mapping[tuple[int, int | None], list[Site]]:
    if not wanted:
        return {}
    pairs = [{"customer_id": one, "location_id": place} for one, place in sorted(wanted, key=str)]
    ids = sorted({customer_id for customer_id, _ in wanted})
    with connection.cursor() as sites, connection.cursor() as people:
        with one_trip():
            sites.execute(_SITES, [json_text(pairs), _MOST_SITES, tenant.pk])
            people.execute(_PEOPLE, [ids, _MOST_PEOPLE])
        contacts: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
        for customer_id, *told in people.fetchall():
            contacts[customer_id].append(tuple(told))
        rows = sites.fetchall()
    found: dict[tuple[int, int | None], list[Site]] = defaultdict(list)
    for row in rows:
        site = _site(row, contacts[row[0]], aliases.get(row[0], ()), towns)
        if (site.customer_id, None) in wanted:
            found[site.customer_id, None].append(site)
        if site.location_id is not None:
            found[site.customer_id, site.location_id].append(site)
    return found


def _site(
    row: Sequence[Any], people: Sequence[tuple[str, str, str]], aliases: Sequence[str], towns: Towns
) -> Site:
    customer_id, name, number, email, phone, phone_said, location_id, street, code, city, country, *point = (
        row
    )
    street, code, city = street or "", code or "", city or ""
    return Site(
        customer_id=customer_id,
        location_id=location_id,
        number=number,
        party=Party(
            names=tuple(read_name(one) for one in (name, *aliases)),
            address=read_address(
                street=street,
                postcode=code,
                city=city,
                country=country or "",
                point=(point[0], point[1]),
                towns=towns,
            ),
            phones=frozenset({phone, *(one[2] for one in people)}) - {""},
            emails=frozenset({email, *(one[1] for one in people)}) - {""},
            people=tuple(read_name(one[0]) for one in people),
        ),
        said=Said(
            name=name,
            street=street,
            postcode=code,
            city=city,
            phone=phone_said,
            email=email,
            person=", ".join(one[0] for one in people[:3]),
        ),
    )
