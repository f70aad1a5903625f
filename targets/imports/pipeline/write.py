"""The ledger of a set: targets, reviews, reactions and timeline, written with set statements."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, models

from customers.matching.decisions import Decisions
from customers.matching.drafts import CUSTOMER
from customers.matching.mapping import MAPPING_IDS
from customers.services.timeline import Happening, record_timeline
from ordinavo.kernel.lean import link, new_row
from ordinavo.kernel.reactions import react
from ordinavo.kernel.sets import insert_instances, update_instances, update_rows
from ordinavo.kernel.trips import one_trip
from targets.imports.pipeline.context import Context
from targets.imports.pipeline.decide import LINKS, Decision
from targets.imports.pipeline.outcome import Outcome
from targets.imports.pipeline.reviews import open_reviews
from targets.models import Target

CANCELLED, REPLANNED, REOPENED = "targets.cancelled", "targets.replanned", "targets.reopened"

_FIXED = {"id", "tenant", "source_system", "external_id", "created_at"}
_COLUMNS = [field.name for field in Target._meta.fields if field.name not in _FIXED]


class Ledger:
    """Collects what a set does to targets; `flush` writes it, targets in the order of their external ids."""

    def __init__(self, context: Context, decisions: Decisions) -> None:
        self._context = context
        self._decisions = decisions
        self._new: dict[str, Target] = {}
        self._changed: dict[int, Target] = {}
        self._touched: dict[int, Target] = {}
        self._moments: dict[str, set[int]] = {CANCELLED: set(), REPLANNED: set(), REOPENED: set()}
        self._happenings: list[Happening] = []

    def create(self, external_id: str, place: int, values: dict[str, Any]) -> Target:
        """Return a new target with the defaults of location, customer, template and tenant."""
        columns = {
            "external_id": external_id,
            "place": place,
            "last_import_job_id": self._context.job_id,
            **self._defaults(values),
            **{column: value for column, value in values.items() if column not in LINKS},
        }
        links = {name: values.get(name) for name in LINKS}
        target = new_row(
            Target,
            columns,
            tenant=self._context.tenant,
            source_system=self._context.source_system,
            **links,
        )
        self._new[external_id] = target
        self._happenings.append(Happening(target, "target.created"))
        return target

    def change(self, target: Target, place: int, decision: Decision) -> None:
        """Apply a decision; even one that changes nothing moves the target's place in the order."""
        target.place = place
        target.last_import_job_id = self._context.job_id
        if decision.changes:
            self._apply(target, decision)
        if not target._state.adding:
            (self._changed if decision.changes else self._touched)[target.pk] = target

    def flush(self, happenings: Iterable[Happening], outcomes: Iterable[Outcome]) -> None:
        """Write all; the customers of the set are stored already, so their ids are known."""
        outcomes = list(outcomes)
        for outcome in outcomes:
            self._note_mapping(outcome)
        if self._new:
            insert_instances([self._new[key] for key in sorted(self._new)], many=len(outcomes) > 1)
        told = [*happenings, *(self._told(happening) for happening in self._happenings)]
        with one_trip():
            _check_links()
            self._write_changes()
            record_timeline(told, tenant_id=self._context.tenant.pk)
        open_reviews(self._context, outcomes, self._decisions)
        for moment, ids in self._moments.items():
            react(moment, ids)

    def _note_mapping(self, outcome: Outcome) -> None:
        """Keep what was told last, on targets too that did not change otherwise."""
        target, draft = outcome.target, outcome.draft
        if target is None or draft is None or not outcome.records_read:
            return
        told = outcome.mapping_json or _without(target.mapping, draft.cleared)
        if told != target.mapping:
            target.mapping = told
            if not target._state.adding:
                self._changed[target.pk] = target

    def _write_changes(self) -> None:
        if self._changed:
            update_instances(list(self._changed.values()), _COLUMNS)
        touched = [target for pk, target in self._touched.items() if pk not in self._changed]
        if touched:
            _move(touched)

    def _apply(self, target: Target, decision: Decision) -> None:
        before = target.status
        for column, (_, value) in decision.changes.items():
            link(target, column, value) if column in LINKS else setattr(target, column, value)
        target.revision += 1
        if target._state.adding:
            return
        cancelled = target.status == Target.Status.CANCELLED
        if before == Target.Status.SCHEDULED and cancelled:
            self._moments[CANCELLED].add(target.pk)
        if target.status == Target.Status.OPEN and target.appointment_id is not None:
            self._moments[REOPENED].add(target.pk)
        if decision.replanned:
            self._moments[REPLANNED].add(target.pk)
        action = "target.cancelled" if cancelled else "target.updated"
        self._happenings.append(Happening(target, action, {"changes": dict(decision.changes)}))

    def _defaults(self, values: dict[str, Any]) -> dict[str, Any]:
        sources = [
            values.get("location"),
            values.get("customer"),
            values.get("template"),
            self._context.tenant,
        ]
        minutes = next(m for s in sources if s is not None and (m := s.default_estimated_work_minutes))
        priority = next(p for s in sources if s is not None and (p := s.default_priority))
        return {"estimated_work_minutes": minutes, "priority": priority}

    def _told(self, happening: Happening) -> Happening:
        changes = happening.details.get("changes", {})
        told = {column: [_plain(old), _plain(new)] for column, (old, new) in changes.items()}
        details = {"importJobId": self._context.job_id, **({"changes": told} if told else {})}
        return Happening(happening.subject, happening.action, details)


def _without(told: dict[str, Any] | None, cleared: frozenset[str]) -> dict[str, Any] | None:
    """Return what was told before without the records that were cleared."""
    if told is None or CUSTOMER in cleared:
        return None
    return told | {MAPPING_IDS[kind]: None for kind in cleared}


def _plain(value: Any) -> Any:
    match value:
        case models.Model():
            return value.pk
        case date() | datetime():
            return value.isoformat()
        case Decimal():
            return str(value)
    return value


def _check_links() -> None:
    # Foreign keys, of what is written already and from here on, would be checked at the commit, when it is
    # too late to look again for a record that was deleted meanwhile.
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _move(targets: list[Target]) -> None:
    """Note the place and job of targets that did not change; their revision and update time stay."""
    rows = [
        {"id": target.pk, "place": target.place, "last_import_job_id": target.last_import_job_id}
        for target in targets
    ]
    update_rows(Target, rows)
