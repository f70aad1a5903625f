"""What the database knows about a set of drafts, read with a fixed number of statements.

It also keeps what the set itself adds, so that a later draft finds what an earlier one created.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from customers.matching.drafts import CONTACT, CUSTOMER, LOCATION, RecordDraft, RecordSet
from customers.matching.holders import holder_ids
from customers.matching.judge import Sighting, same
from customers.matching.locks import lock_numbers
from customers.matching.names import read_name
from customers.matching.normalise import email_key
from customers.matching.phones import phone_key
from customers.matching.policy import CUSTOMER_NUMBER, EMAIL, PHONE, MappingPolicy
from customers.matching.references import Reference, stored_references
from customers.matching.towns import NO_TOWNS, Towns
from customers.models import Contact, Customer, Location, MatchedBy
from customers.selectors.towns import towns_of
from integrations.models import SourceSystem
from ordinavo.kernel.lean import link
from ordinavo.kernel.rows import among, read_each
from ordinavo.tenants.models import Tenant

Key = tuple[str, str]

_MODELS: dict[str, Any] = {CUSTOMER: Customer, LOCATION: Location, CONTACT: Contact}

_COLUMNS = {CUSTOMER_NUMBER: "number", EMAIL: "email_key", PHONE: "phone_key"}


def _reference_key(draft: RecordDraft) -> Key:
    return draft.kind, draft.external_id


def _holding(column: str, values: Sequence[str]) -> Q:
    """Return the condition that the column holds one of these values.

    PostgreSQL does not see that none in a long list is empty; told so, it takes the index without empty ones.
    """
    return Q(**{f"{column}__among": values}) & ~Q(**{column: ""})


@dataclass
class Directory:
    """Known records by reference and by evidence; one object per row, whatever query brought it."""

    tenant: Tenant
    source_system: SourceSystem
    policy: MappingPolicy
    towns: Towns = NO_TOWNS
    references: dict[Key, Reference] = field(default_factory=dict)
    by_evidence: dict[tuple[str, str, str], list[Any]] = field(default_factory=lambda: defaultdict(list))
    _noted: set[tuple[tuple[str, str, str], int]] = field(default_factory=set)
    _rows: dict[tuple[type, int], Any] = field(default_factory=dict)

    @classmethod
    def load(
        cls,
        *,
        tenant: Tenant,
        source_system: SourceSystem,
        policy: MappingPolicy,
        records: Sequence[RecordSet],
    ) -> "Directory":
        """Read all that the records can meet: references, then customers and contacts by evidence."""
        directory = cls(tenant, source_system, policy, towns_of(tenant) if policy.by_name else NO_TOWNS)
        drafts = [draft for record_set in records for draft in record_set]
        customers = [draft for draft in drafts if draft.kind == CUSTOMER]
        directory._load_references(drafts)
        if directory._lock_numbers(customers):
            # Whoever held a lock may have created just these customers.
            directory._load_references(customers)
        directory._load_customers(customers)
        directory._load_contacts([draft for draft in drafts if draft.kind == CONTACT])
        return directory

    def reference(self, draft: RecordDraft) -> Reference | None:
        """Return what the draft's external id names."""
        return self.references.get((draft.kind, draft.external_id)) if draft.external_id else None

    def sight(self, draft: RecordDraft, *, customer: Customer | None = None) -> Sighting:
        """Return what is known about a draft; contacts are looked for within the customer only."""
        reference = self.reference(draft)
        return Sighting(
            named=None if reference is None else reference.record,
            decided_by_manager=reference is not None and reference.matched_by == MatchedBy.MANUAL,
            fits={evidence: self._fits(draft, evidence, customer) for evidence in self.policy.evidence},
            holders_of_number=self.by_evidence.get((CUSTOMER, CUSTOMER_NUMBER, draft.number), ())
            if draft.number
            else (),
        )

    def customer(self, pk: int) -> Customer:
        """Return a customer that was read."""
        return self._rows[Customer, pk]  # type: ignore[no-any-return]

    def load_by_id(self, ids: set[int]) -> None:
        """Read customers that are not known yet."""
        self._load_by_id({Customer: ids})

    def record(self, kind: str, pk: int) -> Any:
        """Return a record of the kind that was read, or None."""
        return self._rows.get((_MODELS[kind], pk))

    def load_records(self, kind: str, ids: set[int]) -> None:
        """Read records of the kind that are not known yet, with their customers."""
        self._load_by_id({_MODELS[kind]: ids})
        if kind != CUSTOMER:
            found = (self.record(kind, pk) for pk in ids)
            self._join_customers([part for part in found if part is not None])

    def remember(self, reference: Reference) -> None:
        """Let later drafts of the set find what this reference names."""
        self.references[reference.kind, reference.external_id] = reference

    def remember_customer(self, customer: Customer) -> None:
        """Let later drafts of the set find a customer that was created or changed for this one."""
        for evidence, value in (
            (CUSTOMER_NUMBER, customer.number),
            (EMAIL, customer.email_key),
            (PHONE, customer.phone_key),
        ):
            self._note((CUSTOMER, evidence, value), customer)

    def remember_contact(self, contact: Contact) -> None:
        """The same for a contact."""
        for evidence, value in ((EMAIL, contact.email_key), (PHONE, contact.phone_key)):
            self._note((CONTACT, evidence, value), contact)

    def _note(self, key: tuple[str, str, str], record: Any) -> None:
        looked_at = key[1] == CUSTOMER_NUMBER or key[1] in self.policy.evidence
        if key[-1] and looked_at and (key, id(record)) not in self._noted:
            self._noted.add((key, id(record)))
            self.by_evidence[key].append(record)

    def _fits(self, draft: RecordDraft, evidence: str, customer: Customer | None) -> Sequence[Any]:
        sent, column = self._sent(draft, evidence), _COLUMNS[evidence]
        noted = self.by_evidence.get((draft.kind, evidence, sent), ())
        # An earlier draft of the set may have changed the record.
        found = [record for record in noted if getattr(record, column) == sent]
        if draft.kind == CONTACT:
            return [contact for contact in found if customer is not None and same(contact.customer, customer)]
        return found

    def _sent(self, draft: RecordDraft, evidence: str) -> str:
        if evidence == CUSTOMER_NUMBER:
            return draft.number
        value = draft.values.get(evidence) or ""
        return email_key(value) if evidence == EMAIL else phone_key(value, self.tenant.country)

    def _one(self, row: Any) -> Any:
        return self._rows.setdefault((type(row), row.pk), row)

    def _load_references(self, drafts: Iterable[RecordDraft]) -> None:
        """Read what is named, then the records themselves: one statement, and one for each kind, which travel
        together.

        Two steps by unique keys: joined, the planner may well start at the wrong end of a growing table.
        """
        wanted: dict[str, set[str]] = defaultdict(set)
        for draft in drafts:
            if draft.external_id:
                wanted[draft.kind].add(draft.external_id)
        named = stored_references(self.source_system, wanted) if wanted else []
        ids: dict[type[Any], set[int]] = defaultdict(set)
        for kind, _, pk, _ in named:
            ids[_MODELS[kind]].add(pk)
        self._load_by_id(ids)
        parts = []
        for kind, external_id, pk, matched_by in named:
            record = self._rows[_MODELS[kind], pk]
            self.remember(Reference(kind, external_id, record, matched_by))
            if kind != CUSTOMER:
                parts.append(record)
        self._join_customers(parts)

    def _load_by_id(self, wanted: Mapping[type[Any], set[int]]) -> None:
        """Read records that are not known yet; those of all kinds travel together."""
        questions: list[tuple[type[Any], str, list[Any]]] = []
        for model, ids in wanted.items():
            missing = {pk for pk in ids if (model, pk) not in self._rows}
            if missing:
                condition, parameter = among("id", missing)
                questions.append(
                    (model, f"WHERE tenant_id = %s AND {condition}", [self.tenant.pk, parameter])
                )
        for found in read_each(*questions):
            for record in found:
                link(self._one(record), "tenant", self.tenant)

    def _join_customers(self, parts: Sequence[Any]) -> None:
        """Give locations and contacts their customers, of which most have been read with the references."""
        self.load_by_id({part.customer_id for part in parts})
        for part in parts:
            link(part, "customer", self.customer(part.customer_id))

    def _load_customers(self, drafts: Iterable[RecordDraft]) -> None:
        unknown = [draft for draft in drafts if self._needs_evidence(draft)]
        numbers = sorted({draft.number for draft in unknown if draft.number})
        wanted = _holding("number", numbers) if numbers else Q()
        wanted |= self._evidence_query(Customer, unknown)
        if wanted:
            for customer in self._rows_of(Customer.objects.filter(wanted, tenant=self.tenant)):
                self.remember_customer(customer)

    def _lock_numbers(self, drafts: Iterable[RecordDraft]) -> bool:
        """Lock the numbers, or names, of the customers that may be created; say whether there are any."""
        if CUSTOMER not in self.policy.create or not self.policy.may_write:
            return False
        unknown = [d for d in drafts if d.external_id and _reference_key(d) not in self.references]
        names: set[str] = set()
        if self.policy.by_name:
            names = {read_name(d.values["name"]).joined for d in unknown if d.values.get("name")}
        return lock_numbers(self.tenant, {draft.number for draft in unknown} - {""}, names)

    def _needs_evidence(self, draft: RecordDraft) -> bool:
        reference = self.references.get(_reference_key(draft))
        if reference is None:
            return True
        return bool(draft.number) and reference.record.number != draft.number

    def _load_contacts(self, drafts: Iterable[RecordDraft]) -> None:
        unknown = [draft for draft in drafts if _reference_key(draft) not in self.references]
        wanted = self._evidence_query(Contact, unknown)
        if wanted:
            found = list(self._rows_of(Contact.objects.filter(wanted, tenant=self.tenant)))
            self._join_customers(found)
            for contact in found:
                self.remember_contact(contact)

    def _evidence_query(self, model: type[Customer] | type[Contact], drafts: Sequence[RecordDraft]) -> Q:
        sent = {
            evidence: sorted({self._sent(draft, evidence) for draft in drafts} - {""})
            for evidence in self.policy.evidence
            if evidence != CUSTOMER_NUMBER
        }
        ids = holder_ids(model, self.tenant, sent)
        return Q(pk__among=ids) if ids else Q()

    def _rows_of(self, rows: QuerySet[Any]) -> Iterable[Any]:
        for row in rows.order_by("id"):
            link(row, "tenant", self.tenant)
            yield self._one(row)
