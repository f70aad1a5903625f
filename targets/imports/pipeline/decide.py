"""What a draft does to a target: the rules of operations, states and order, on facts alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from customers.matching.mapping import Warn
from targets.imports import errors
from targets.imports.errors import ItemRefused
from targets.imports.models import ImportItem
from targets.imports.pipeline.drafts import CANCEL, CREATE, UPDATE, TargetDraft
from targets.imports.pipeline.links import refers_to
from targets.models import Target

Status, Result = Target.Status, ImportItem.Result

PLANNING = frozenset(
    {
        "priority",
        "estimated_work_minutes",
        "due_date",
        "due_at",
        "time_window_start",
        "time_window_end",
        "route_date",
        "fixed_time",
    }
)
PLACE = frozenset({"street", "postal_code", "city", "country", "latitude", "longitude", "location"})
LINKS = ("customer", "location", "contact", "template")
_JSON = ("custom_fields", "customer_text")
# What equality alone does not tell apart.
_COMPARED = frozenset({*LINKS, *_JSON})


@dataclass(frozen=True, slots=True)
class Decision:
    """`changes` maps a column to its old and new value; `replanned` speaks of a scheduled target."""

    result: str
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    warnings: tuple[Warn, ...] = ()
    replanned: bool = False
    superseded: bool = False


def foresee(target: Target | None, draft: TargetDraft, *, place: int) -> Decision | None:
    """Decide what needs no mapping: refusals by operation, older items, cancelling. None: go on."""
    if target is None:
        if draft.operation in {UPDATE, CANCEL}:
            raise ItemRefused(
                errors.UNKNOWN_EXTERNAL_ID,
                "No target has this external id; upsert or create makes one.",
                path="externalId",
            )
        return None
    if draft.operation == CREATE:
        raise ItemRefused(
            errors.EXTERNAL_ID_EXISTS,
            "A target has this external id; upsert or update changes it.",
            path="externalId",
        )
    if place < target.place:
        warning = Warn("superseded", "A later request has changed this target already.", "externalId")
        return Decision(Result.UNCHANGED, warnings=(warning,), superseded=True)
    return _cancel(target) if draft.operation == CANCEL else None


def decide(target: Target, draft: TargetDraft, values: Mapping[str, Any]) -> Decision:
    """Decide about an upsert or update of a stored target; `values` includes the mapped links."""
    _require_window(target, draft, values)
    changes = changes_of(target, values)
    reopened = target.status == Status.CANCELLED
    _require_open(target, draft, changes)
    replanned = bool(changes.keys() & (PLANNING | PLACE))
    if reopened or (target.status == Status.PROBLEM and changes.keys() & PLANNING):
        changes["status"] = (target.status, Status.OPEN)
    if not changes:
        return Decision(Result.UNCHANGED)
    warning = Warn("target_reopened", "The target was cancelled; it is open again.", "externalId")
    return Decision(
        Result.UPDATED,
        changes,
        warnings=(warning,) if reopened else (),
        replanned=replanned and target.status == Status.SCHEDULED,
    )


def changes_of(target: Target, values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return the columns whose value differs from what is stored."""
    # Columns of their own types are compared by the thousand and hardly ever differ: first all at once.
    plain = {column: value for column, value in values.items() if column not in _COMPARED}
    if plain.items() <= target.__dict__.items():
        values = {column: values[column] for column in _COMPARED & values.keys()}
    return {
        column: (_stored(target, column), value)
        for column, value in values.items()
        if not _holds(target, column, value)
    }


def require_window(start: Any, end: Any, *, path: str) -> None:
    """Refuse a time window that does not start before it ends."""
    if start is not None and end is not None and start >= end:
        message = "The time window must start before it ends."
        raise ItemRefused(errors.VALIDATION_FAILED, message, path=path)


def _stored(target: Target, column: str) -> Any:
    return getattr(target, f"{column}_id" if column in LINKS else column)


def _holds(target: Target, column: str, sent: Any) -> bool:
    if column in LINKS:
        return refers_to(target, column, sent)
    stored = getattr(target, column)
    return bool(stored == sent) and (column not in _JSON or _same_types(stored, sent))


def _same_types(stored: dict[str, Any] | None, sent: dict[str, Any] | None) -> bool:
    """Tell 1 from true and 1.0, which are equal in Python but not in JSON."""
    return not stored or not sent or all(type(stored[name]) is type(sent[name]) for name in stored)


def _cancel(target: Target) -> Decision:
    if target.status == Status.CANCELLED:
        return Decision(Result.UNCHANGED)
    if target.status == Status.COMPLETED:
        raise ItemRefused(
            errors.TARGET_CLOSED, "The target is completed; it can't be cancelled.", path="operation"
        )
    if target.status == Status.IN_PROGRESS:
        message = "Work on the target has begun; it can't be cancelled."
        raise ItemRefused(errors.TARGET_IN_PROGRESS, message, path="operation")
    return Decision(Result.CANCELLED, {"status": (target.status, Status.CANCELLED)})


def _require_open(target: Target, draft: TargetDraft, changes: Mapping[str, Any]) -> None:
    if target.status == Status.CANCELLED and draft.operation == UPDATE:
        message = "The target is cancelled; an upsert opens it again."
        raise ItemRefused(errors.TARGET_CLOSED, message, path="operation")
    if target.status == Status.COMPLETED and changes:
        raise ItemRefused(
            errors.TARGET_CLOSED, "The target is completed; it can't be changed.", path="externalId"
        )
    touched = sorted(changes.keys() & (PLANNING | PLACE))
    if target.status == Status.IN_PROGRESS and touched:
        message = "Work on the target has begun: planning, location and address stay as they are."
        path = draft.paths.get(touched[0], touched[0])
        raise ItemRefused(errors.TARGET_IN_PROGRESS, message, path=path)


def _require_window(target: Target, draft: TargetDraft, values: Mapping[str, Any]) -> None:
    start = values.get("time_window_start", target.time_window_start)
    end = values.get("time_window_end", target.time_window_end)
    sent = "time_window_end" if "time_window_end" in values else "time_window_start"
    require_window(start, end, path=draft.paths.get(sent, sent))
