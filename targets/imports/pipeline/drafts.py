"""A target as it was asked for, its form already judged."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from customers.matching.drafts import RecordSet
from customers.matching.mapping import Warn

UPSERT, CREATE, UPDATE, CANCEL = "upsert", "create", "update", "cancel"


@dataclass(frozen=True, slots=True)
class TargetDraft:
    """`values` holds columns of Target, only those that were sent: absent keeps, None clears.

    `paths` tells under which name a column was sent. `cleared` holds the kinds of records that were sent as
    null. `text_only`: there is flat customer data that the client may not map.
    """

    external_id: str
    operation: str = UPSERT
    values: Mapping[str, Any] = field(default_factory=dict)
    paths: Mapping[str, str] = field(default_factory=dict)
    records: RecordSet = field(default_factory=RecordSet)
    cleared: frozenset[str] = frozenset()
    text_only: bool = False
    warnings: tuple[Warn, ...] = ()

    def warned(self, code: str, message: str, path: str) -> "TargetDraft":
        """Return the same draft with one more warning."""
        return replace(self, warnings=(*self.warnings, Warn(code, message, path)))
