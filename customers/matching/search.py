"""Looking for the records of a set by name and address: read once for all of them, then judged one by one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from customers.matching.candidates import Site, find_candidates
from customers.matching.directory import Directory
from customers.matching.drafts import CUSTOMER, RecordDraft, RecordSet
from customers.matching.judge import Verdict
from customers.matching.judge_found import Candidate, judge_found
from customers.matching.keys import wanted_keys
from customers.matching.normalise import name_key
from customers.matching.parties import Said, party_of, said_by
from customers.matching.profiles import Matching
from customers.matching.scoring import Party
from customers.models import Customer
from customers.selectors.knowledge import called, refused_pairs

_MOST_JUDGED = 6


class Search:
    """Finds customers of a set; knows those too that the set itself adds."""

    def __init__(self, directory: Directory, matching: Matching) -> None:
        self._known = directory
        self._matching = matching
        self._parties: dict[int, Party] = {}
        self._holders: Mapping[str, int] = {}
        self._candidates: dict[int, list[Candidate]] = {}
        self._refused: Mapping[tuple[str, str], Iterable[int]] = {}
        self._added: dict[int, list[tuple[Customer, Party, Said]]] = defaultdict(list)

    @classmethod
    def load(cls, directory: Directory, matching: Matching, records: Sequence[RecordSet]) -> "Search":
        """Read who the customers of these records may be: a fixed number of statements."""
        search = cls(directory, matching)
        unknown = [one for one in records if one.customer is not None and search._is_unknown(one.customer)]
        if unknown:
            search._load(unknown)
        return search

    def customer(self, records: RecordSet) -> Verdict | None:
        """Decide about a customer that nothing else found; None if nobody is like it."""
        draft = records.customer
        candidates = self._candidates.get(id(records))
        if draft is None or candidates is None:
            return None
        everyone = [*candidates, *self._among_added(self._parties[id(records)])]
        everyone.sort(key=lambda one: -one.score.bits)
        return judge_found(draft, said_by(records), everyone, self._known.policy)

    def likeliest(self, records: RecordSet) -> list[Customer]:
        """Return the stored customer that fits best, if any is like it."""
        candidates = self._candidates.get(id(records), ())
        return [candidates[0].record] if candidates else []

    def remember(self, records: RecordSet, customer: Customer) -> None:
        """Let later records of the set find a customer that this one adds."""
        party = self._party(records)
        if party.names:
            for key in self._keys(party):
                self._added[key].append((customer, party, said_by(records)))

    def _party(self, records: RecordSet) -> Party:
        found = self._parties.get(id(records))
        return found or self._read(records)

    def _read(self, records: RecordSet) -> Party:
        return party_of(records, country=self._known.tenant.country, towns=self._known.towns)

    def _keys(self, party: Party) -> set[int]:
        return wanted_keys(party.names[0], party.address, party.emails, self._known.towns)

    def _is_unknown(self, draft: RecordDraft) -> bool:
        if not draft.values.get("name") or self._known.reference(draft) is not None:
            return False
        return not any(holder.active for holder in self._known.sight(draft).holders_of_number)

    def _load(self, unknown: Sequence[RecordSet]) -> None:
        parties = [self._read(one) for one in unknown]
        self._parties = {id(one): party for one, party in zip(unknown, parties, strict=True)}
        drafts = [one.customer for one in unknown if one.customer is not None]
        by_alias = called(
            tenant=self._known.tenant, names=[(CUSTOMER, name_key(draft.values["name"])) for draft in drafts]
        )
        self._refused = refused_pairs(
            source_system=self._known.source_system, keys=[(CUSTOMER, draft.key) for draft in drafts]
        )
        also = {
            n: by_alias.get((CUSTOMER, name_key(draft.values["name"])), ()) for n, draft in enumerate(drafts)
        }
        aliases: dict[int, list[str]] = defaultdict(list)
        for n, ids in also.items():
            for pk in ids:
                aliases[pk].append(drafts[n].values["name"])
        found = find_candidates(
            self._known.tenant, parties, also=also, aliases=aliases, towns=self._known.towns
        )
        self._holders = found.holders
        scored = [
            self._best_of(party, found.sites.get(n, ()), self._refused.get((CUSTOMER, drafts[n].key), ()))
            for n, party in enumerate(parties)
        ]
        self._known.load_by_id({site.customer_id for each in scored for _, site in each})
        for one, each in zip(unknown, scored, strict=True):
            self._candidates[id(one)] = [
                Candidate(self._known.customer(site.customer_id), score, site.said) for score, site in each
            ]

    def _best_of(self, party: Party, sites: Iterable[Site], refused: Iterable[int]) -> list[tuple[Any, Site]]:
        """Return the best site of each customer, the likeliest first, of those that are like it at all."""
        never = set(refused)
        best: dict[int, tuple[Any, Site]] = {}
        for site in sites:
            if site.customer_id in never:
                continue
            score = self._matching.scorer.score(party, site.party, self._holders)
            if site.customer_id not in best or score.bits > best[site.customer_id][0].bits:
                best[site.customer_id] = score, site
        likely = sorted(best.values(), key=lambda one: (-one[0].bits, one[1].customer_id))
        lowest = self._known.policy.review_score
        return [one for n, one in enumerate(likely[:_MOST_JUDGED]) if one[0].value >= lowest or n == 1]

    def _among_added(self, party: Party) -> list[Candidate]:
        found: dict[int, Candidate] = {}
        keys = self._keys(party) if self._added and party.names else ()
        for key in keys:
            for customer, other, said in self._added.get(key, ()):
                if id(customer) not in found:
                    score = self._matching.scorer.score(party, other, self._holders)
                    found[id(customer)] = Candidate(customer, score, said)
        return list(found.values())
