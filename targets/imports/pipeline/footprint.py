"""What a decision wrote, as it was before: enough to take it back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from customers.matching.judge import EXTERNAL_ID, MANUAL, Step
from customers.services.timeline import Happening
from targets.imports.models import ImportItem, ReviewDecision, SettledItem
from targets.imports.pipeline.outcome import Outcome
from targets.models import Target

LINKS = ("customer", "location", "contact")
_BATCH = 1000


@dataclass(slots=True)
class Footprint:
    """Collected while a decision is written.

    `references`: by kind and external id, the record that it names by now and what it named before.
    `created`, `changed`: records, with the old and new value of each column. `aliases`: ids.
    `items`: what each item was, and what its target was linked to before and after.
    """

    references: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    created: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    aliases: list[int] = field(default_factory=list)
    items: dict[int, dict[str, Any]] = field(default_factory=dict)
    _targets: dict[int, dict[str, Any]] = field(default_factory=dict)

    def note_reference(
        self, kind: str, external_id: str, record_id: int, before: Mapping[str, Any] | None = None
    ) -> None:
        """Note that an external id names a record by now; `before` is None if it named nothing."""
        said = {"kind": kind, "externalId": external_id, "recordId": record_id, "before": before}
        self.references.setdefault((kind, external_id), said)

    def note_records(self, happenings: Iterable[Happening], outcomes: Iterable[Outcome]) -> None:
        """Note what mapping again added to the customers and changed of them."""
        for happening in happenings:
            self.note_record(happening)
        for outcome in outcomes:
            self._note_references(outcome)

    def note_record(self, happening: Happening) -> None:
        """Note that a record was created or changed."""
        record = {"kind": happening.subject._meta.model_name, "id": happening.subject.pk}
        if happening.action.endswith(".created"):
            self.created.append(record)
        elif "changes" in happening.details:
            self.changed.append({**record, "changes": happening.details["changes"]})

    def note_target(self, item: ImportItem, target: Target, before: Mapping[str, Any]) -> None:
        """Note what a target was linked to; it has its new links by now."""
        self._targets[item.pk] = {"id": target.pk, "before": before, "after": linked_to(target)}

    def note_item(self, item: ImportItem, *, waited_for: Iterable[int]) -> None:
        """Note an item as it still is, and the other open reviews that it waited for."""
        self.items[item.pk] = {
            "mapping": item.mapping,
            "mappingStatus": item.mapping_status,
            "draft": item.draft,
            "reviews": sorted(waited_for),
            "target": self._targets.get(item.pk),
        }

    def add(self, other: "Footprint") -> None:
        """Take over what another client's items left behind."""
        for key, said in other.references.items():
            self.references.setdefault(key, said)
        self.created += other.created
        self.changed += other.changed
        self.items |= other.items

    def store(self, decision: ReviewDecision) -> None:
        """Keep everything with the decision: two statements, and one for each thousand items."""
        decision.written = {
            "references": list(self.references.values()),
            "created": self.created,
            "changed": self.changed,
            "aliases": self.aliases,
        }
        decision.save(force_insert=True)
        rows = (SettledItem(decision=decision, item_id=pk, before=was) for pk, was in self.items.items())
        SettledItem.objects.bulk_create(rows, batch_size=_BATCH)

    def _note_references(self, outcome: Outcome) -> None:
        if outcome.mapping is None:
            return
        for draft, verdict in outcome.mapping.verdicts.values():
            done = verdict.step in (Step.LINK, Step.CREATE)
            if draft.external_id and done and verdict.matched_by not in {EXTERNAL_ID, MANUAL}:
                record = getattr(outcome.mapping, draft.kind)
                self.note_reference(draft.kind, draft.external_id, record.pk)


def linked_to(target: Target) -> dict[str, Any]:
    """Return the ids of the records that a target is linked to."""
    return {kind: getattr(target, f"{kind}_id") for kind in LINKS}
