"""Which customer, location and contact a target has after an import."""

from typing import Any

from customers.matching.drafts import CONTACT, CUSTOMER, LOCATION
from customers.matching.mapping import Mapping
from targets.imports.pipeline.drafts import TargetDraft
from targets.models import Target


def links_after(target: Target | None, draft: TargetDraft, mapping: Mapping | None) -> dict[str, Any]:
    """Return the links to set: what was sent as null goes, what was sent and mapped comes, the rest stays.

    A record that was sent but not mapped, or kept as text, leaves no link: an older one would speak of
    somebody else. Nor does a location or contact stay that belongs to another customer than the new one.
    """
    links: dict[str, Any] = dict.fromkeys(draft.cleared)
    if draft.text_only:
        links[CUSTOMER] = None
    if mapping is not None:
        links |= {kind: getattr(mapping, kind) for kind in mapping.verdicts}
        if mapping.customer is not None:
            links[CUSTOMER] = mapping.customer
    if CUSTOMER in links and target is not None:
        _drop_strangers(target, links)
    return links


def _drop_strangers(target: Target, links: dict[str, Any]) -> None:
    """A stored location or contact belongs to the stored customer, so it stays only where that one stays."""
    if not refers_to(target, CUSTOMER, links[CUSTOMER]):
        for kind in (LOCATION, CONTACT):
            links.setdefault(kind, None)


def refers_to(target: Target, kind: str, record: Any) -> bool:
    """Whether a link of the target leads to this record (None: nowhere), without reading where it leads."""
    linked = target.__dict__[f"{kind}_id"]
    if linked is not None:
        return record is not None and record.__dict__["id"] == linked
    # A link between rows that are not stored yet has no id.
    return target._state.fields_cache.get(kind) is record
