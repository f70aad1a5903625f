"""How targets and the mapping of their customer data are shown to staff."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from customers.models import MatchedBy
from ordinavo.kernel.admin import show

MAPPING_MARKS = {"NeedsReview": "warn", "PartiallyMapped": "warn", "Created": "good", "Mapped": "good"}
_RECORDS = (
    ("customer", "Customer", "customerId"),
    ("location", "Location", "customerLocationId"),
    ("contact", "Contact", "customerContactId"),
)


def mapping(value: Any) -> SafeString:
    """Return a `customerMapping` with all ids: its status, what was found and how, and its warnings."""
    if not isinstance(value, dict):
        return format_html('<p class="ord-quiet">{}</p>', "No customer data was sent.")
    status = str(value.get("status", ""))
    found = show.table(("Record", "Linked to", "Found by"), _found(value))
    warned = [(w.get("code"), w.get("message"), w.get("path")) for w in value.get("warnings", [])]
    warnings = show.table(("Warning", "What it means", "Field"), warned) if warned else ""
    return format_html(
        "{}{}{}", show.mark(show.spaced(status), MAPPING_MARKS.get(status, "")), found, warnings
    )


def _found(value: dict[str, Any]) -> Iterator[tuple[show.Cell, ...]]:
    labels = dict(MatchedBy.choices)
    for kind, name, member in _RECORDS:
        details = (value.get("details") or {}).get(kind)
        row_id = value.get(member)
        if details or row_id:
            found_by = (details or {}).get("matchedBy") or ""
            yield name, _record(kind, row_id), labels.get(found_by, found_by)


def _record(kind: str, row_id: int | None) -> show.Cell:
    if row_id is None:
        return "not linked"
    page = reverse(f"admin:customers_{kind}_change", args=[row_id])
    return format_html('<a class="ord-link" href="{}">{} {}</a>', page, kind.capitalize(), row_id)


def warnings(value: Any) -> SafeString:
    """Return the warnings of an import item."""
    rows = [(w.get("code"), w.get("message"), w.get("path")) for w in value or []]
    return show.table(("Warning", "What it means", "Field"), rows, empty="No warnings.")
