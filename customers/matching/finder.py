"""Searches by name and address for all records of a set, in one hand."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from customers.matching.decisions import ReviewKey
from customers.matching.directory import Directory
from customers.matching.drafts import RecordDraft, RecordSet, review_key
from customers.matching.judge import Step, Verdict
from customers.matching.mapping import Mapping
from customers.matching.part_search import PartSearch
from customers.matching.profiles import Matching
from customers.matching.search import Search
from customers.models import Contact, Customer, Location


class Finder:
    """Finds customers, then locations and contacts within them."""

    def __init__(self, directory: Directory, search: Search, parts: PartSearch) -> None:
        self._known = directory
        self._search = search
        self._parts = parts

    @classmethod
    def load(cls, directory: Directory, matching: Matching, records: Sequence[RecordSet]) -> "Finder":
        """Read whom the records may mean: a fixed number of statements for however many."""
        search, parts = Search.load(directory, matching, records), PartSearch(directory, matching)
        finder = cls(directory, search, parts)
        parts.load(pair for one in records for pair in finder._owners(one))
        parts.know_refusals(key for one in records for key in finder._part_keys(one, finder._named(one)))
        return finder

    def know_customers(self, ids: Iterable[int]) -> None:
        """Read the locations and contacts of customers."""
        self._parts.load((pk, "") for pk in ids)

    def know_owners(self, owners: Collection[tuple[RecordSet, int]]) -> None:
        """Read the same of customers that records without one belong to, and whom managers refused there."""
        self.know_customers({pk for _, pk in owners})
        self._parts.know_refusals(key for one, pk in owners for key in self._part_keys(one, pk))

    def customer(self, records: RecordSet, verdict: Verdict) -> Verdict:
        """Return a better verdict about a customer that no external id, number or location told."""
        if not _is_open(verdict):
            return verdict
        return self._search.customer(records) or verdict

    def part(self, draft: RecordDraft, key: str, customer: Customer, verdict: Verdict) -> Verdict:
        """Return a better verdict about a location or contact that no external id told."""
        if not _is_open(verdict) or not customer.active:
            return verdict
        return self._parts.find(draft, key, customer) or verdict

    def remember(self, mapping: Mapping, record: Customer | Location | Contact) -> None:
        """Let later records of the set find what this one adds."""
        if isinstance(record, Customer):
            drafts = {kind: draft for kind, (draft, _) in mapping.verdicts.items()}
            self._search.remember(RecordSet(**drafts), record)
        else:
            self._parts.remember(record)

    def _owners(self, records: RecordSet) -> Iterator[tuple[int, str]]:
        """Return whose locations and contacts may be meant, and the postcode to begin at."""
        if not self._open_parts(records):
            return
        postcode = "" if records.location is None else records.location.values.get("postal_code") or ""
        for customer in self._likely(records):
            if customer.pk is not None:
                yield customer.pk, str(postcode)[:16]

    def _open_parts(self, records: RecordSet) -> list[RecordDraft]:
        """Return the location and contact that no external id tells."""
        return [
            draft
            for draft in (records.location, records.contact)
            if draft is not None and self._known.reference(draft) is None
        ]

    def _part_keys(self, records: RecordSet, within: int | None) -> Iterator[ReviewKey]:
        """Return what reviews of the location and contact are known by, as far as that can be told."""
        for draft in self._open_parts(records):
            if draft.external_id or records.customer is not None or within is not None:
                yield draft.kind, review_key(draft, customer=records.customer, within=within)

    def _named(self, records: RecordSet) -> int | None:
        """Return the id of the customer that the location or contact brings along."""
        for draft in (records.location, records.contact):
            known = None if draft is None else self._known.reference(draft)
            if known is not None and records.customer is None:
                pk: int | None = known.record.customer.pk
                return pk
        return None

    def _likely(self, records: RecordSet) -> Iterator[Customer]:
        if records.customer is None:
            for draft in (records.location, records.contact):
                known = None if draft is None else self._known.reference(draft)
                if known is not None:
                    yield known.record.customer
            return
        known = self._known.reference(records.customer)
        if known is not None:
            yield known.record
            return
        yield from self._known.sight(records.customer).holders_of_number
        yield from self._search.likeliest(records)


def _is_open(verdict: Verdict) -> bool:
    """Whether nothing was found: the record would be created, or left without a link."""
    return verdict.step is Step.CREATE or (verdict.step is Step.LEAVE and bool(verdict.code))
