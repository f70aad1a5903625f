"""What became of the customer data of one target: verdicts, links, warnings, and how they are told."""

from dataclasses import dataclass, field
from typing import Any

from customers.matching.drafts import CONTACT, CUSTOMER, LOCATION, RecordDraft, review_key
from customers.matching.judge import Found, Step, Verdict
from customers.models import Contact, Customer, Location

NEEDS_REVIEW, PARTIALLY_MAPPED = "NeedsReview", "PartiallyMapped"
CREATED, MAPPED, NOT_MAPPED = "Created", "Mapped", "NotMapped"
STATUSES = (NEEDS_REVIEW, PARTIALLY_MAPPED, CREATED, MAPPED, NOT_MAPPED)

MAPPING_IDS = {CUSTOMER: "customerId", LOCATION: "customerLocationId", CONTACT: "customerContactId"}

# No set: hashing members of an enumeration takes longer than looking at two of them.
_DONE = (Step.LINK, Step.CREATE)


@dataclass(frozen=True, slots=True)
class Warn:
    """Something that the sender should know although the import went on."""

    code: str
    message: str
    path: str

    def as_json(self) -> dict[str, str]:
        """Return it as the API gives it out."""
        return {"code": self.code, "message": self.message, "path": self.path}


@dataclass(slots=True)
class Mapping:
    """A proposal until it is adopted. `changes` holds the columns to update, per record.

    `within` is the customer whose location and contact are looked for, sent or not.
    """

    verdicts: dict[str, tuple[RecordDraft, Verdict]] = field(default_factory=dict)
    customer: Customer | None = None
    location: Location | None = None
    contact: Contact | None = None
    changes: list[tuple[Any, dict[str, Any]]] = field(default_factory=list)
    warnings: list[Warn] = field(default_factory=list)
    within: Customer | None = None

    def add(self, draft: RecordDraft, verdict: Verdict) -> None:
        """Note the verdict about a record, with its warning."""
        self.verdicts[draft.kind] = draft, verdict
        if verdict.code:
            self.warnings.append(Warn(verdict.code, verdict.message, draft.path))

    @property
    def doubts(self) -> list[tuple[RecordDraft, Verdict]]:
        """The records that a manager has to decide about."""
        return [pair for pair in self.verdicts.values() if pair[1].step is Step.ASK]

    @property
    def unsettled(self) -> bool:
        """Whether the customer is in doubt or was dismissed, so that no part of it may be linked."""
        return bool(self.doubts) or any(v.step is Step.DISMISS for _, v in self.verdicts.values())

    def review_key(self, draft: RecordDraft) -> str:
        """Return what a review of the record is known by."""
        customer = self.verdicts[CUSTOMER][0] if CUSTOMER in self.verdicts else None
        return review_key(draft, customer=customer, within=_id(self.within))

    @property
    def status(self) -> str:
        """The first that applies of NeedsReview, PartiallyMapped, Created, Mapped, NotMapped."""
        steps = [verdict.step for _, verdict in self.verdicts.values()]
        if Step.ASK in steps:
            return NEEDS_REVIEW
        done = sum(step in _DONE for step in steps)
        if not done:
            return NOT_MAPPED
        if done < len(steps):
            return PARTIALLY_MAPPED
        return CREATED if Step.CREATE in steps else MAPPED

    def as_json(self) -> dict[str, Any]:
        """Return all there is to tell, with ids; the API cuts it to the client's scopes."""
        return {
            "status": self.status,
            **{name: _id(getattr(self, kind)) for kind, name in MAPPING_IDS.items()},
            "warnings": [warning.as_json() for warning in self.warnings],
            "details": {kind: _detail(verdict) for kind, (_, verdict) in self.verdicts.items()},
        }


def _id(record: Customer | Location | Contact | None) -> int | None:
    return None if record is None else record.__dict__["id"]


def _detail(verdict: Verdict) -> dict[str, Any]:
    sure = verdict.step in _DONE
    if verdict.found is not None:
        return _found_detail(verdict, verdict.found)
    return {
        "matchedBy": verdict.matched_by or None,
        "score": 1.0 if sure else None,
        "evidence": {verdict.matched_by: "agrees"} if verdict.step is Step.LINK else {},
        "runnerUpScore": None,
    }


def _found_detail(verdict: Verdict, found: Found) -> dict[str, Any]:
    """Tell of a search by name and address, also where it led to a question."""
    return {
        "matchedBy": verdict.matched_by or None,
        "score": found.score,
        "evidence": dict(found.evidence),
        "shares": dict(found.shares),
        "runnerUpScore": found.runner_up,
        "margin": found.margin,
    }


def text_only() -> dict[str, Any]:
    """Tell that flat customer data was kept as text, since the client may not map."""
    warning = Warn("mapping_scope_missing", "Mapping needs the scope customers.map.", CUSTOMER)
    ids = dict.fromkeys(MAPPING_IDS.values())
    return {"status": NOT_MAPPED, **ids, "warnings": [warning.as_json()], "details": {}}


KINDS = (CUSTOMER, LOCATION, CONTACT)
