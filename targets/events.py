"""What events tell of targets, with their customers, locations and contacts: blocks of payloads."""

from collections.abc import Iterable
from typing import Any

from customers.matching.mapping import Mapping
from customers.selectors.blocks import BLOCKS, Block, RecordBlocks, record_blocks
from integrations.models import SourceSystem
from targets.models import Target
from targets.planning import planning_of

SUBJECT = Target._meta.label_lower

_RECORDS = {kind: f"{kind}_id" for kind in ("customer", "location", "contact")}

# By kind: the id of the record that a target is linked to, and its block if that is known already.
Links = dict[str, tuple[int, Block | None]]


def links_of(target: Target, mapping: Mapping | None = None) -> Links:
    """Return what a target is linked to. `mapping`: records in memory, and the ids that they were just sent
    under."""
    links: Links = {}
    held, cached = target.__dict__, target._state.fields_cache
    verdicts = {} if mapping is None else mapping.verdicts
    for kind, attribute in _RECORDS.items():
        # A record that was new when the target was copied has its id by now.
        record = cached.get(kind)
        pk = held[attribute] if record is None else record.__dict__["id"]
        if pk is not None:
            links[kind] = pk, _in_memory(kind, pk, mapping) if kind in verdicts else None
    return links


def _in_memory(kind: str, pk: int, mapping: Any) -> Block | None:
    known, external_id = getattr(mapping, kind), mapping.verdicts[kind][0].external_id
    if known is None or not external_id or known.__dict__["id"] != pk:
        return None
    return BLOCKS[kind](known, external_id)


def records_of(links: Iterable[Links], source_system: SourceSystem) -> RecordBlocks:
    """Return the blocks that are not known yet: one statement at most."""
    ids: dict[str, set[int]] = {kind: set() for kind in _RECORDS}
    for one in links:
        for kind, (pk, block) in one.items():
            if block is None:
                ids[kind].add(pk)
    return record_blocks(tenant_id=source_system.tenant_id, source_system_id=source_system.pk, ids=ids)


def linked_blocks(links: Links, records: RecordBlocks) -> dict[str, Block | None]:
    """Return the blocks of what a target is linked to, by kind."""
    return {kind: block or records.get((kind, pk)) for kind, (pk, block) in links.items()}


def target_block(target: Target, source_system: SourceSystem, *, pk: int | None = None) -> Block:
    """Return the block of a target; `pk` is for a copy that was taken before the target had its id."""
    followed = None if target.follow_up_of_id is None else target.follow_up_of
    return {
        "id": pk or target.id,
        "externalId": target.external_id,
        "title": target.title,
        "externalType": target.external_type or None,
        "sourceSystem": source_system.key,
        "status": target.status,
        "revision": target.revision,
        "planning": planning_of(target),
        "lastImportJobId": target.last_import_job_id,
        "followUpOfTargetId": target.follow_up_of_id,
        "followUpOfExternalId": None if followed is None else followed.external_id,
    }


def unstored_block(external_id: str, source_system: SourceSystem) -> Block:
    """Return the block of a target that was asked for but is not stored."""
    known = {"externalId": external_id or None, "sourceSystem": source_system.key}
    return dict.fromkeys(target_block(Target(), source_system)) | known
