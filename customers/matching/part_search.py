"""Looking for locations and contacts among those that a customer has."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection

from customers.matching.addresses import Address
from customers.matching.directory import Directory
from customers.matching.drafts import CONTACT, LOCATION, RecordDraft
from customers.matching.judge import Verdict
from customers.matching.judge_found import Candidate, judge_found
from customers.matching.names import read_name
from customers.matching.normalise import email_key
from customers.matching.parties import Said, address_of
from customers.matching.parts import score_contact, score_location
from customers.matching.phones import phone_key
from customers.matching.profiles import Matching
from customers.matching.scoring import Party
from customers.models import Contact, Customer, Location
from customers.selectors.knowledge import refused_pairs
from ordinavo.kernel.json_text import json_text

# Of a chain only so many places are compared, those in the postcode that was sent first.
_MOST_PARTS = 60

_LOCATIONS = """
SELECT DISTINCT part.id FROM json_to_recordset(%s::json) AS wanted(customer_id bigint, postcode text),
LATERAL (
    SELECT id FROM customers_location AS known
    WHERE known.customer_id = wanted.customer_id AND known.active
    ORDER BY known.postal_code = wanted.postcode DESC, known.id LIMIT %s
) AS part
"""

_CONTACTS = """
SELECT part.id FROM unnest(%s::bigint[]) AS wanted(customer_id),
LATERAL (
    SELECT id FROM customers_contact AS known
    WHERE known.customer_id = wanted.customer_id AND known.active ORDER BY known.id LIMIT %s
) AS part
"""


class PartSearch:
    """Finds locations and contacts within a customer, also those that the set itself adds."""

    def __init__(self, directory: Directory, matching: Matching) -> None:
        self._known = directory
        self._matching = matching
        self._parts: dict[tuple[str, int], list[Any]] = defaultdict(list)
        self._loaded: set[tuple[int, str]] = set()
        self._refused: Mapping[tuple[str, str], Iterable[int]] = {}

    def know_refusals(self, keys: Iterable[tuple[str, str]]) -> None:
        """Read which records managers said are not meant: one statement, none without keys."""
        found = refused_pairs(source_system=self._known.source_system, keys=sorted(set(keys)))
        self._refused = {**self._refused, **found}

    def load(self, wanted: Iterable[tuple[int, str]]) -> None:
        """Read the places (near a postcode first) and people of customers: four statements, if any is new."""
        pairs = set(wanted) - self._loaded
        if not pairs:
            return
        self._loaded |= pairs
        places = [{"customer_id": pk, "postcode": postcode} for pk, postcode in sorted(pairs)]
        with connection.cursor() as cursor:
            cursor.execute(_LOCATIONS, [json_text(places), _MOST_PARTS])
            locations = {pk for (pk,) in cursor.fetchall()}
            cursor.execute(_CONTACTS, [sorted({pk for pk, _ in pairs}), _MOST_PARTS])
            contacts = {pk for (pk,) in cursor.fetchall()}
        for kind, ids in ((LOCATION, locations), (CONTACT, contacts)):
            self._known.load_records(kind, ids)
            for pk in sorted(ids):
                part = self._known.record(kind, pk)
                if part is not None:
                    self._note(kind, part)

    def remember(self, part: Location | Contact) -> None:
        """Let later records of the set find one that this one adds."""
        self._note(LOCATION if isinstance(part, Location) else CONTACT, part)

    def find(self, draft: RecordDraft, key: str, customer: Customer) -> Verdict | None:
        """Decide about a location or contact that has no known id; None if the customer has none like it."""
        refused = set(self._refused.get((draft.kind, key), ()))
        parts = [part for part in self._of(draft.kind, customer) if part.active and part.pk not in refused]
        if not parts:
            return None
        judged = [self._candidate(draft, part, len(parts)) for part in parts]
        judged.sort(key=lambda one: -one.score.bits)
        return judge_found(draft, self._said(draft.kind, draft.values), judged, self._known.policy)

    def _note(self, kind: str, part: Any) -> None:
        parts = self._of(kind, part.customer)
        if not any(known is part for known in parts):
            parts.append(part)

    def _of(self, kind: str, customer: Customer) -> list[Any]:
        return self._parts[kind, id(customer)]

    def _candidate(self, draft: RecordDraft, part: Any, among: int) -> Candidate:
        sent, known = self._party(draft.kind, draft.values), self._party(draft.kind, vars(part))
        weigh = score_location if draft.kind == LOCATION else score_contact
        score = weigh(sent, known, self._matching.weights, among=among)
        return Candidate(part, score, self._said(draft.kind, vars(part)))

    def _party(self, kind: str, values: Mapping[str, Any]) -> Party:
        column = "name" if kind == LOCATION else "display_name"
        names = (read_name(values[column]),) if values.get(column) else ()
        if kind == LOCATION:
            return Party(names=names, address=address_of(dict(values), self._known.towns))
        phone, email = values.get("phone") or "", values.get("email") or ""
        return Party(
            names=names,
            address=Address(),
            phones=frozenset({phone_key(phone, self._known.tenant.country)} if phone else ()) - {""},
            emails=frozenset({email_key(email)}) - {""},
        )

    @staticmethod
    def _said(kind: str, values: Mapping[str, Any]) -> Said:
        def text(column: str) -> str:
            return str(values.get(column) or "")

        return Said(
            name=text("name" if kind == LOCATION else "display_name"),
            street=text("street"),
            postcode=text("postal_code"),
            city=text("city"),
            phone=text("phone"),
            email=text("email"),
        )
