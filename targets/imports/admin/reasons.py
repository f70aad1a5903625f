"""Why an item was refused, in one line."""

from targets.imports.models import ImportItem

LONGEST = 140


def reason_of(item: ImportItem) -> str:
    """Return code and first fault (`validation_failed: planning.dueDate, …`), or ""."""
    if not item.error_code:
        return ""
    faults = item.errors if isinstance(item.errors, list) else []
    what = f"{faults[0].get('path')}, {faults[0].get('message')}" if faults else item.error_message
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    return f"{item.error_code}: {what[:LONGEST]}{more}"
