"""How targets and the mapping of their customer data are shown to staff."""

import json
from collections.abc import Iterator
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from customers.models import Contact, Customer, Location, MatchedBy
from ordinavo.kernel.admin import show
from targets.evidence import explained
from targets.models import Target

MAPPING_MARKS = {"NeedsReview": "warn", "PartiallyMapped": "warn", "Created": "good", "Mapped": "good"}
_MOST_FOLLOWING = 20
_RECORDS: tuple[tuple[Any, str, str], ...] = (
    (Customer, "customer", "customerId"),
    (Location, "location", "customerLocationId"),
    (Contact, "contact", "customerContactId"),
)


def mapping(value: Any, *, tenant_id: int) -> SafeString:
    """Return a `customerMapping` with all ids: its status, what was found and how, and its warnings.

    Reads the names of the records: a query for each.
    """
    if not isinstance(value, dict):
        return format_html('<p class="ord-quiet">{}</p>', "No customer data was sent.")
    status = str(value.get("status", ""))
    lines = list(_found(value, tenant_id))
    headers = ["Record", "Linked to", "Found by", "Why"]
    # Only searches by name and address have more to say.
    width = 4 if any(line[3] for line in lines) else 3
    found = show.table(headers[:width], [line[:width] for line in lines])
    warned = [(w.get("code"), w.get("message"), w.get("path")) for w in value.get("warnings", [])]
    warnings = show.table(("Warning", "What it means", "Field"), warned) if warned else ""
    return format_html(
        "{}{}{}", show.mark(show.spaced(status), MAPPING_MARKS.get(status, "")), found, warnings
    )


def _found(value: dict[str, Any], tenant_id: int) -> Iterator[tuple[show.Cell, ...]]:
    labels = dict(MatchedBy.choices)
    for model, kind, member in _RECORDS:
        details = (value.get("details") or {}).get(kind)
        row_id = value.get(member)
        if details or row_id:
            found_by = (details or {}).get("matchedBy") or ""
            how = labels.get(found_by, found_by)
            yield kind.capitalize(), _record(model, row_id, tenant_id), how, explained(details or {})


def _record(model: Any, row_id: int | None, tenant_id: int) -> show.Cell:
    if row_id is None:
        return "not linked"
    return show.link_to(model.objects.filter(tenant_id=tenant_id, pk=row_id).first())


def warnings(value: Any) -> SafeString:
    """Return the warnings of an import item."""
    rows = [(w.get("code"), w.get("message"), w.get("path")) for w in value or []]
    return show.table(("Warning", "What it means", "Field"), rows, empty="No warnings.")


def name_of(target: Target) -> str:
    """Return how staff call a target: by its external id, if it has one, and its title."""
    return " ".join(filter(None, (target.external_id, target.title)))


def with_story(target: Target, text: str = "") -> SafeString:
    """Return a link to a target, and one to all that happened to it."""
    return format_html("{} {}", show.link_to(target, text), show.story_link(target.pk))


def follow_ups(target: Target) -> SafeString:
    """Return links to the target that it follows and to those that follow it; "" for none."""
    followed = [("Follows", target.follow_up_of)] if target.follow_up_of else []
    following = target.follow_ups.filter(tenant=target.tenant_id).order_by("id")[:_MOST_FOLLOWING]
    lines = [*followed, *(("Followed by", one) for one in following)]
    return show.joined(format_html("{} {}", word, show.link_to(one)) for word, one in lines)


def plain(value: Any) -> str:
    """Return a custom field's value as text."""
    return value if isinstance(value, str) else json.dumps(value)
