"""What events tell of targets, with their customers, locations and contacts."""

from collections.abc import Iterable
from typing import Any

from customers.selectors.blocks import RecordBlocks, record_blocks
from integrations.models import SourceSystem
from targets.models import Target
from targets.planning import planning_of

SUBJECT = Target._meta.label_lower

_RECORDS = ("customer", "location", "contact")


def records_of(targets: Iterable[tuple[Target, RecordBlocks]], source_system: SourceSystem) -> RecordBlocks:
    """Return the blocks of all records that the targets are linked to, each beyond the blocks that are known
    of it already: one statement at most.
    """
    ids: dict[str, set[int]] = {kind: set() for kind in _RECORDS}
    for target, known in targets:
        for kind, found in ids.items():
            pk = _linked_id(target, kind)
            if pk is not None and (kind, pk) not in known:
                found.add(pk)
    return record_blocks(tenant_id=source_system.tenant_id, source_system_id=source_system.pk, ids=ids)


def target_snapshot(target: Target, source_system: SourceSystem, *known: RecordBlocks) -> dict[str, Any]:
    """Return the blocks of a target and what it is linked to; the first who knows a record tells of it."""
    snapshot: dict[str, Any] = {}
    for kind in _RECORDS:
        key = kind, _linked_id(target, kind)
        block = next((records[key] for records in known if key in records), None)
        if block is not None:
            snapshot[kind] = block
    snapshot["target"] = target_block(target, source_system)
    return snapshot


def target_block(target: Target, source_system: SourceSystem) -> dict[str, Any]:
    """Return the block of a target."""
    return {
        "id": target.pk,
        "externalId": target.external_id,
        "title": target.title,
        "externalType": target.external_type or None,
        "sourceSystem": source_system.key,
        "status": target.status,
        "revision": target.revision,
        "planning": planning_of(target),
        "lastImportJobId": target.last_import_job_id,
        "followUpOfTargetId": None,
        "followUpOfExternalId": None,
    }


def unstored_block(external_id: str, source_system: SourceSystem) -> dict[str, Any]:
    """Return the block of a target that was asked for but is not stored."""
    return {
        "id": None,
        "externalId": external_id or None,
        "title": None,
        "externalType": None,
        "sourceSystem": source_system.key,
        "status": None,
        "revision": None,
        "planning": None,
        "lastImportJobId": None,
        "followUpOfTargetId": None,
        "followUpOfExternalId": None,
    }


def _linked_id(target: Target, kind: str) -> int | None:
    """Return where a link leads; a record that was new when the target was copied has its id by now."""
    record = target._state.fields_cache.get(kind)
    pk: int | None = target.__dict__[f"{kind}_id"] if record is None else record.pk
    return pk
