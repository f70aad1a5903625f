"""One at a time: whoever changes a suggestion locks its row first."""

from ordinavo.kernel.errors import Conflict
from targets.routes.models import RouteSuggestion

_STATES = {
    RouteSuggestion.Status.PENDING: "being planned",
    RouteSuggestion.Status.DRAFT: "a draft",
    RouteSuggestion.Status.FAILED: "without an answer",
    RouteSuggestion.Status.PUBLISHED: "published",
    RouteSuggestion.Status.DISCARDED: "discarded",
}


def lock_suggestion(
    suggestion: RouteSuggestion, *statuses: RouteSuggestion.Status, revision: int | None = None
) -> RouteSuggestion:
    """Return the row as it is now, locked until the transaction ends.

    `Conflict` unless it has one of the statuses, and that revision: somebody else was faster.
    """
    rows = RouteSuggestion.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("tenant").get(pk=suggestion.pk)
    status = RouteSuggestion.Status(row.status)
    if status not in statuses:
        wanted = " or ".join(_STATES[one] for one in statuses)
        raise Conflict(f"The suggestion is {_STATES[status]}, not {wanted}.")
    if revision is not None and row.revision != revision:
        raise Conflict("Somebody else has changed the suggestion meanwhile. Look at it again first.")
    return row
