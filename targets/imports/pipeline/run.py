"""Works off a set of items: reads once, judges in memory and in order, writes once."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import structlog
from django.db import DatabaseError

from customers.matching.decisions import Decisions
from customers.matching.drafts import RecordSet
from customers.matching.mapping import Mapping, Warn
from customers.models import Customer
from customers.services.mapping import Mapper
from ordinavo.kernel.lean import copied
from targets.imports import errors
from targets.imports.errors import ItemRefused
from targets.imports.models import ImportItem
from targets.imports.pipeline.context import Context
from targets.imports.pipeline.decide import Decision, decide, foresee, require_window
from targets.imports.pipeline.drafts import CANCEL, TargetDraft
from targets.imports.pipeline.links import links_after
from targets.imports.pipeline.outcome import Outcome
from targets.imports.pipeline.reviews import require_unanswered
from targets.imports.pipeline.write import Ledger
from targets.models import Target
from targets.selectors import lock_targets, templates_by_key

log = structlog.get_logger("ordinavo.imports")


class Placed(NamedTuple):
    """A draft and its place in the order in which requests were accepted."""

    place: int
    draft: TargetDraft


class Run:
    """One pass over a set, inside one transaction. Nothing of a refused item is written."""

    def __init__(self, context: Context, items: Sequence[Placed], decisions: Decisions) -> None:
        self._context = context
        self._items = items
        drafts = [item.draft for item in items]
        self._mapper = Mapper.load(
            tenant=context.tenant,
            source_system=context.source_system,
            policy=context.policy,
            records=[draft.records for draft in drafts if draft.operation != CANCEL],
        )
        self._decisions = decisions
        self._mapper.know_decisions(decisions)
        self._targets = lock_targets(context.source_system, {draft.external_id for draft in drafts})
        self._mapper.know_owners(self._implied_customers(drafts))
        keys = {draft.values["template_key"] for draft in drafts if draft.values.get("template_key")}
        self._templates = templates_by_key(context.tenant, keys)
        self._ledger = Ledger(context, decisions)
        # By external id: the last outcome, if its event is told from the target itself.
        self._telling: dict[str, Outcome] = {}

    def work(self) -> list[Outcome]:
        """Judge every item, then write.

        `IntegrityError` says that another request was faster, `Answered` that a manager has decided.
        """
        outcomes = [self._judge(item) for item in self._items]
        require_unanswered(self._context, outcomes, self._decisions)
        self._ledger.flush(self._mapper.flush(), outcomes)
        return outcomes

    def _implied_customers(self, drafts: Iterable[TargetDraft]) -> list[tuple[RecordSet, int]]:
        """Return the customers of targets whose new location or contact comes without one."""
        alone = (d for d in drafts if d.records.customer is None and d.records and d.operation != CANCEL)
        pairs = ((draft.records, self._targets.get(draft.external_id)) for draft in alone)
        return [(one, target.customer_id) for one, target in pairs if target and target.customer_id]

    def _judge(self, item: Placed) -> Outcome:
        try:
            return self._work_off(item)
        except ItemRefused as refusal:
            return Outcome(item.draft, refusal=refusal)
        except DatabaseError:
            raise
        except Exception:
            # One broken item is set aside; its neighbours go on.
            log.exception("item_broke", job_id=self._context.job_id, place=item.place)
            message = "Something went wrong on our side. It has been logged."
            return Outcome(item.draft, refusal=ItemRefused(errors.INTERNAL_ERROR, message))

    def _work_off(self, item: Placed) -> Outcome:
        draft, target = item.draft, self._targets.get(item.draft.external_id)
        decision, mapping = foresee(target, draft, place=item.place), None
        if decision is None:
            mapping = self._map(draft.records, target)
            values, warnings = self._values(draft, target, mapping)
            if target is None:
                return self._create(item, values, mapping, warnings)
            decision = decide(target, draft, values)
        else:
            warnings = list(draft.warnings)
        if mapping is not None:
            self._mapper.adopt(mapping)
        assert target is not None  # noqa: S101  (without one, `foresee` returns None or refuses)
        return self._change(item, target, decision, mapping, warnings)

    def _map(self, records: RecordSet, target: Target | None) -> Mapping | None:
        if not records:
            return None
        current = None
        if target is not None and records.customer is None:
            current = self._customer_of(target)
        return self._mapper.propose(records, current=current)

    def _customer_of(self, target: Target) -> Customer | None:
        """Return the target's customer, which may be one that the set has just created."""
        if target.customer_id is None:
            return target._state.fields_cache.get("customer")
        return self._mapper.customer(target.customer_id)

    def _values(
        self, draft: TargetDraft, target: Target | None, mapping: Mapping | None
    ) -> tuple[dict[str, Any], list[Warn]]:
        values = {**draft.values, **links_after(target, draft, mapping)}
        warnings = list(draft.warnings)
        if "template_key" in values:
            key = values["template_key"]
            values["template"] = self._templates.get(key)
            if key and values["template"] is None:
                warnings.append(Warn("unknown_template", f"No template has the key {key}.", "templateKey"))
        return values, warnings

    def _create(
        self, item: Placed, values: dict[str, Any], mapping: Mapping | None, warnings: list[Warn]
    ) -> Outcome:
        draft = item.draft
        path = draft.paths.get("time_window_end", "")
        require_window(values.get("time_window_start"), values.get("time_window_end"), path=path)
        if mapping is not None:
            self._mapper.adopt(mapping)
        target = self._ledger.create(draft.external_id, item.place, values)
        self._targets[draft.external_id] = target
        outcome = Outcome(
            draft,
            ImportItem.Result.CREATED,
            target=target,
            then=target,
            mapping=mapping,
            warnings=warnings,
        )
        self._telling[draft.external_id] = outcome
        return outcome

    def _change(
        self,
        item: Placed,
        target: Target,
        decision: Decision,
        mapping: Mapping | None,
        warnings: list[Warn],
    ) -> Outcome:
        if not decision.superseded:
            self._part_from(item.draft.external_id)
            self._ledger.change(target, item.place, decision)
        outcome = Outcome(
            item.draft,
            decision.result,
            target=target,
            then=target if decision.changes else None,
            mapping=mapping,
            warnings=[*warnings, *decision.warnings],
            records_read=not decision.superseded and item.draft.operation != CANCEL,
        )
        if decision.changes:
            self._telling[item.draft.external_id] = outcome
        return outcome

    def _part_from(self, external_id: str) -> None:
        """Keep what an earlier item of the set made of a target, before a later one changes it again."""
        earlier = self._telling.pop(external_id, None)
        if earlier is not None and earlier.then is not None:
            earlier.then = copied(earlier.then)
