"""Which customer, location and contact a target has after an import."""

from typing import Any

from customers.matching.drafts import CONTACT, CUSTOMER, LOCATION
from customers.matching.mapping import Mapping
from customers.models import Contact, Customer, Location
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
    customer = links[CUSTOMER]
    for kind in (LOCATION, CONTACT):
        part = getattr(target, kind)
        if kind not in links and not _belongs(part, customer):
            links[kind] = None


def _belongs(part: Location | Contact | None, customer: Customer | None) -> bool:
    if part is None or customer is None:
        return False
    # Ids first: reading `part.customer` would cost a query. Both may be new and without an id.
    return part.customer is customer if part.customer_id is None else part.customer_id == customer.pk
