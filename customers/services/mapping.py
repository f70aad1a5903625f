"""Mapping sent records to ours: propose per target, adopt what is accepted, write all of a set at once."""

from collections.abc import Collection, Sequence
from typing import Any

from customers.matching.decisions import Decisions, follow, ruled_out
from customers.matching.directory import Directory
from customers.matching.drafts import CUSTOMER, RecordDraft, RecordSet
from customers.matching.finder import Finder
from customers.matching.judge import (
    EXTERNAL_ID,
    MANUAL,
    Step,
    Verdict,
    judge_customer,
    judge_part,
    link,
    other_customer,
)
from customers.matching.mapping import KINDS, Mapping, Warn
from customers.matching.policy import MappingPolicy
from customers.matching.references import Reference
from customers.models import Contact, Customer, Location
from customers.services.records import new_record
from customers.services.register import Register
from customers.services.searching import ready_matching
from customers.services.timeline import Happening
from integrations.models import SourceSystem
from ordinavo.tenants.models import Tenant


class Mapper:
    """Maps the records of a set of targets, in order.

    1. `load` reads what the whole set can meet.
    2. `propose` decides about one target's records and changes nothing.
    3. `adopt` takes a proposal over, so that later ones of the set find what it creates.
    4. `flush` writes everything that was adopted; `IntegrityError` says that another import was faster.
    """

    def __init__(self, directory: Directory, *, many: bool, finder: Finder | None = None) -> None:
        self._known = directory
        self._finder = finder
        self._register = Register(directory.source_system, directory.tenant, many=many)
        self._decisions: Decisions = {}

    @classmethod
    def load(
        cls,
        *,
        tenant: Tenant,
        source_system: SourceSystem,
        policy: MappingPolicy,
        records: Sequence[RecordSet],
    ) -> "Mapper":
        """Read what is known about all these records, with a fixed number of statements."""
        matching = ready_matching(tenant) if policy.by_name else None
        known = Directory.load(tenant=tenant, source_system=source_system, policy=policy, records=records)
        finder = None if matching is None else Finder.load(known, matching, records)
        return cls(known, many=len(records) > 1, finder=finder)

    def know_decisions(self, decisions: Decisions) -> None:
        """Let these answer the doubts that they are about; reads the records that were chosen."""
        self._decisions = decisions
        for kind in KINDS:
            chosen = {d.record_id for (of, _), d in decisions.items() if of == kind and d.record_id}
            self._known.load_records(kind, chosen)
            if self._finder is not None and kind == CUSTOMER:
                self._finder.know_customers(chosen)

    def know_owners(self, owners: Collection[tuple[RecordSet, int]]) -> None:
        """Read customers that targets of the set have already, by the records that came for these targets.

        One statement, if any is not known yet; two more where records are searched.
        """
        self._known.load_by_id({pk for _, pk in owners})
        if self._finder is not None:
            self._finder.know_owners(owners)

    def customer(self, pk: int) -> Customer:
        """Return a customer that is known."""
        return self._known.customer(pk)

    def propose(self, records: RecordSet, *, current: Customer | None) -> Mapping:
        """Decide who the records are; `current` is the customer that the target has already."""
        mapping = Mapping()
        customer = mapping.within = self._customer(mapping, records, current)
        in_doubt = mapping.unsettled
        for draft in (records.location, records.contact):
            if draft is not None:
                self._part(mapping, draft, customer, in_doubt=in_doubt)
        self._settle_customer(mapping, records)
        return mapping

    def adopt(self, mapping: Mapping) -> None:
        """Take a proposal over: its new records and references, and its changes."""
        for draft, verdict in mapping.verdicts.values():
            record = getattr(mapping, draft.kind)
            if verdict.step is Step.CREATE:
                self._register.create(record)
                self._remember(record)
                if self._finder is not None:
                    self._finder.remember(mapping, record)
            if draft.external_id and verdict.step in (Step.LINK, Step.CREATE) and not _by_reference(verdict):
                self._known.remember(self._register.refer(_reference(draft, record, verdict)))
        for record, values in mapping.changes:
            self._register.change(record, values)
            self._remember(record)

    def flush(self) -> list[Happening]:
        """Write what was adopted; return what happened for the timeline."""
        return self._register.flush()

    def _customer(self, mapping: Mapping, records: RecordSet, current: Customer | None) -> Customer | None:
        implied = self._implied(records)
        draft = records.customer
        if draft is None:
            return current if implied is None else implied[1]
        verdict = judge_customer(draft, self._known.sight(draft), self._known.policy)
        if implied is not None and verdict.step in {Step.CREATE, Step.LEAVE}:
            verdict = _implied_verdict(draft, *implied)
        elif self._finder is not None:
            verdict = self._finder.customer(records, verdict)
        verdict = self._answered(mapping, draft, verdict)
        mapping.add(draft, verdict)
        mapping.customer = self._record(mapping, draft, verdict)
        return mapping.customer

    def _implied(self, records: RecordSet) -> tuple[str, Customer] | None:
        """Return the customer of the known location, else of the known contact, and which of them it was."""
        for draft in (records.location, records.contact):
            known = None if draft is None else self._known.reference(draft)
            if draft is None or known is None or not (known.record.active and known.record.customer.active):
                continue
            if known.matched_by == MANUAL or not self._known.policy.manual_only:
                return draft.kind, known.record.customer
        return None

    def _part(
        self, mapping: Mapping, draft: RecordDraft, customer: Customer | None, *, in_doubt: bool
    ) -> None:
        seen = self._known.sight(draft, customer=customer)
        verdict = judge_part(draft, seen, self._known.policy, customer=customer, in_doubt=in_doubt)
        if self._finder is not None and customer is not None and not in_doubt:
            verdict = self._finder.part(draft, mapping.review_key(draft), customer, verdict)
        verdict = self._answered(mapping, draft, verdict, customer)
        mapping.add(draft, verdict)
        setattr(mapping, draft.kind, self._record(mapping, draft, verdict, customer))

    def _answered(
        self, mapping: Mapping, draft: RecordDraft, verdict: Verdict, customer: Customer | None = None
    ) -> Verdict:
        """Let a decision answer a doubt, if there is one about this record."""
        if not self._decisions or verdict.step not in (Step.ASK, Step.LINK):
            return verdict
        decision = self._decisions.get((draft.kind, mapping.review_key(draft)))
        if decision is None:
            return verdict
        verdict = ruled_out(decision, draft, verdict)
        if verdict.step is not Step.ASK:
            return verdict
        record = None if decision.record_id is None else self._known.record(draft.kind, decision.record_id)
        seen = self._known.sight(draft, customer=customer)
        return follow(decision, draft, seen, verdict, record=record, customer=customer)

    def _settle_customer(self, mapping: Mapping, records: RecordSet) -> None:
        """Let a mapped location or contact bring its customer along where none was sent."""
        part = mapping.location or mapping.contact
        if records.customer is None and part is not None:
            mapping.customer = part.customer

    def _record(
        self, mapping: Mapping, draft: RecordDraft, verdict: Verdict, customer: Customer | None = None
    ) -> Any:
        if verdict.step is Step.CREATE:
            return new_record(draft, tenant=self._known.tenant, customer=customer)
        if verdict.step is Step.LINK and draft.number and draft.number != verdict.record.number:
            message = (
                f"The customer number stays {verdict.record.number or 'empty'}: imports never change it."
            )
            mapping.warnings.append(Warn("customer_number_kept", message, "customer.customerNumber"))
        if verdict.step is Step.LINK and draft.external_id and _by_reference(verdict):
            self._compare(mapping, draft, verdict.record)
        return verdict.record

    def _compare(self, mapping: Mapping, draft: RecordDraft, record: Any) -> None:
        if draft.values.items() <= record.__dict__.items():
            return
        changed = {
            column: value
            for column, value in draft.values.items()
            if column != "number" and getattr(record, column) != value
        }
        policy = self._known.policy
        if not changed:
            return
        if draft.kind in policy.update and policy.may_write:
            mapping.changes.append((record, changed))
            return
        why = (
            "the client's settings do not let it be updated"
            if policy.may_write
            else "customers.write is missing"
        )
        message = f"The {draft.kind} differs from what was sent, but {why}."
        mapping.warnings.append(Warn("update_not_permitted", message, draft.path))

    def _remember(self, record: Customer | Location | Contact) -> None:
        if isinstance(record, Customer):
            self._known.remember_customer(record)
        elif isinstance(record, Contact):
            self._known.remember_contact(record)


def _reference(draft: RecordDraft, record: Any, verdict: Verdict) -> Reference:
    return Reference(draft.kind, draft.external_id, record, verdict.matched_by)


def _by_reference(verdict: Verdict) -> bool:
    return verdict.matched_by in {EXTERNAL_ID, MANUAL}


def _implied_verdict(draft: RecordDraft, part: str, implied: Customer) -> Verdict:
    """Link a customer that says nothing else of who it is than its location or contact does."""
    if not draft.external_id and draft.number in {"", implied.number}:
        return link(implied, EXTERNAL_ID)
    return other_customer(draft, part, implied)
