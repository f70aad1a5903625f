"""Doubtful records become reviews: one open review per record, however many items wait for it."""

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q

from customers.matching.drafts import RecordDraft
from customers.matching.judge import Verdict
from customers.matching.mapping import Mapping
from targets.imports.models import MappingReview
from targets.imports.pipeline.context import Context
from targets.imports.pipeline.outcome import Outcome

Key = tuple[str, str]


class Raced(Exception):
    """What was read has changed before it could be written; the set is worked off anew."""


def open_reviews(context: Context, outcomes: Iterable[Outcome]) -> None:
    """Open what is not open yet, and note on each outcome what it waits for: two statements, if any."""
    doubtful = [(outcome, m) for outcome in outcomes if (m := outcome.mapping) is not None and m.doubts]
    wanted: dict[Key, MappingReview] = {}
    for _, mapping in doubtful:
        for draft, verdict in mapping.doubts:
            key = _key(mapping, draft)
            wanted.setdefault(key, _review(context, draft, verdict, key))
    if not wanted:
        return
    MappingReview.objects.bulk_create((wanted[key] for key in sorted(wanted)), ignore_conflicts=True)
    ids = _open_ids(context, wanted)
    for outcome, mapping in doubtful:
        outcome.review_ids = [_found(ids, _key(mapping, draft)) for draft, _ in mapping.doubts]


def _found(ids: dict[Key, int], key: Key) -> int:
    if key not in ids:
        raise Raced
    return ids[key]


def _key(mapping: Mapping, draft: RecordDraft) -> Key:
    return draft.kind, mapping.review_key(draft)


def _open_ids(context: Context, keys: Iterable[Key]) -> dict[Key, int]:
    by_kind: dict[str, list[str]] = defaultdict(list)
    for kind, record_key in keys:
        by_kind[kind].append(record_key)
    wanted = Q()
    for kind, record_keys in by_kind.items():
        wanted |= Q(kind=kind, record_key__in=record_keys)
    rows = MappingReview.objects.filter(
        wanted,
        tenant=context.tenant,
        source_system=context.source_system,
        status=MappingReview.Status.OPEN,
    )
    return {(kind, key): pk for kind, key, pk in rows.values_list("kind", "record_key", "id")}


def _review(context: Context, draft: RecordDraft, verdict: Verdict, key: Key) -> MappingReview:
    return MappingReview(
        tenant=context.tenant,
        source_system=context.source_system,
        client=context.client,
        kind=draft.kind,
        record_key=key[1],
        external_id=draft.external_id,
        reason=verdict.code,
        record=json.loads(json.dumps(dict(draft.values), cls=DjangoJSONEncoder)),
        candidates=[_candidate(record) for record in verdict.candidates],
    )


def _candidate(record: Any) -> dict[str, Any]:
    return {"id": record.pk}
