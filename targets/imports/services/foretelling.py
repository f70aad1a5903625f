"""What other mapping settings would have made of a client's latest imports; nothing is written."""

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from customers.matching.decisions import Decisions
from customers.matching.judge import CREATED, MANUAL, Step, Verdict
from customers.matching.mapping import Mapping
from customers.models import ExternalReference, RecordKind
from customers.services.mapping import Mapper
from integrations.models import IntegrationClient
from targets.imports.models import ImportItem, ImportJob
from targets.imports.pipeline.context import Context
from targets.imports.pipeline.drafts import CANCEL, TargetDraft
from targets.imports.pipeline.outcome import Outcome
from targets.imports.pipeline.reviews import Answered, Raced, require_unanswered
from targets.imports.selectors.reviews import RECORD_MODELS

MOST_ITEMS, MOST_JOBS = 200, 200
LOOKED_BACK = timedelta(days=2)
# The settings that a preview may change; scopes stay as they are.
SETTINGS = (
    "mapping_strategy",
    "mapping_fallbacks",
    "link_score",
    "review_score",
    "link_margin",
    *(f"{verb}_{kind}" for verb in ("create", "update") for kind in ("customers", "locations", "contacts")),
)
_OUTCOMES = {Step.CREATE: CREATED, Step.ASK: "review", Step.LEAVE: "none", Step.DISMISS: "dismissed"}
_ROUNDS = 5

Judge = Callable[[Any], TargetDraft | Exception]


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one item: its status, and for each kind how it is mapped and to whom that leads."""

    status: str
    records: tuple[tuple[str, str, int | None], ...]


@dataclass(frozen=True, slots=True)
class Foretold:
    """One imported item: what the stored settings make of it, and what the others would."""

    item: ImportItem
    now: Fate
    then: Fate

    @property
    def changes(self) -> bool:
        """Whether it would become something else."""
        return self.now != self.then


def foretell_settings(*, client: IntegrationClient, settings: dict[str, Any], judge: Judge) -> list[Foretold]:
    """Return what the client's newest 200 items with customer data of two days become, now and then.

    Both are worked out by the code that maps imports, as if those imports came anew: external ids that they
    brought, and customers that they created, are forgotten in a transaction that is rolled back. Decisions of
    managers stand. `settings` may hold what `SETTINGS` names.
    """
    items = _sample(client)
    drafts = [(item, draft) for item in items if isinstance(draft := judge(item.payload), TargetDraft)]
    sample = [(item, draft) for item, draft in drafts if draft.records and draft.operation != CANCEL]
    other = copy(client)
    for name in SETTINGS:
        if name in settings:
            setattr(other, name, settings[name])
    records = [draft for _, draft in sample]
    now, then = _map_anew(client, records), _map_anew(other, records)
    return [Foretold(item, one, another) for (item, _), one, another in zip(sample, now, then, strict=True)]


def _sample(client: IntegrationClient) -> list[ImportItem]:
    """Return the newest items that were mapped, in the order in which they came."""
    since = timezone.now() - LOOKED_BACK
    jobs = ImportJob.objects.filter(client=client, validate_only=False, created_at__gte=since)
    ids = list(jobs.order_by("-id").values_list("pk", flat=True)[:MOST_JOBS])
    items = ImportItem.objects.filter(
        tenant=client.tenant_id, job__in=ids, status=ImportItem.Status.IMPORTED
    ).exclude(mapping_status="")
    newest = items.select_related("job", "target").order_by("-job_id", "-index")[:MOST_ITEMS]
    return sorted(newest, key=lambda item: item.place)


@transaction.atomic
def _map_anew(client: IntegrationClient, drafts: Sequence[TargetDraft]) -> list[Fate]:
    """Map the drafts as one set, as if their external ids had never come."""
    if not drafts:
        return []
    context = Context(client, 0)
    _forget(context, drafts)
    fates = [_fate(outcome.mapping) for outcome in _outcomes(context, drafts) if outcome.mapping is not None]
    transaction.set_rollback(True)
    return fates


def _forget(context: Context, drafts: Sequence[TargetDraft]) -> None:
    """Forget what imports learned of these external ids lately; what managers said stays."""
    since = timezone.now() - LOOKED_BACK
    for kind in RecordKind.values:
        ids = {one.external_id for draft in drafts for one in draft.records if one.kind == kind} - {""}
        rows = ExternalReference.objects.filter(
            tenant=context.tenant,
            source_system=context.source_system,
            kind=kind,
            external_id__among=sorted(ids),
            created_at__gte=since,
        ).exclude(matched_by=MANUAL)
        made = list(rows.filter(matched_by=CREATED).values_list(f"{kind}_id", flat=True))
        # Who is inactive is not found, but would still hold the number.
        gone = {"active": False} | ({"number": ""} if kind == RecordKind.CUSTOMER else {})
        RECORD_MODELS[kind].objects.filter(pk__in=made).update(**gone)
        rows.delete()


def _outcomes(context: Context, drafts: Sequence[TargetDraft]) -> list[Outcome]:
    decisions: Decisions = {}
    for _ in range(_ROUNDS):
        outcomes = _propose(context, drafts, decisions)
        try:
            require_unanswered(context, outcomes, decisions)
        except Answered as answered:
            decisions = {**decisions, **answered.decisions}
            continue
        return outcomes
    raise Raced


def _propose(context: Context, drafts: Sequence[TargetDraft], decisions: Decisions) -> list[Outcome]:
    mapper = Mapper.load(
        tenant=context.tenant,
        source_system=context.source_system,
        policy=context.policy,
        records=[draft.records for draft in drafts],
    )
    mapper.know_decisions(decisions)
    outcomes = []
    for draft in drafts:
        mapping = mapper.propose(draft.records, current=None)
        mapper.adopt(mapping)
        outcomes.append(Outcome(draft, ImportItem.Result.UPDATED, mapping=mapping))
    return outcomes


def _fate(mapping: Mapping) -> Fate:
    records = tuple(
        (kind, _words(verdict), verdict.record.pk if verdict.step is Step.LINK else None)
        for kind, (_, verdict) in mapping.verdicts.items()
    )
    return Fate(mapping.status, records)


def _words(verdict: Verdict) -> str:
    if verdict.step is Step.LINK:
        return verdict.matched_by
    return _OUTCOMES[verdict.step]
