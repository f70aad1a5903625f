"""What became of one item."""

from dataclasses import dataclass, field
from typing import Any

from customers.matching.mapping import Mapping, Warn, text_only
from targets.imports.errors import ItemRefused
from targets.imports.pipeline.drafts import TargetDraft
from targets.models import Target


@dataclass(slots=True)
class Outcome:
    """Either `refusal` or `result` is set; `review_ids` name the doubts that the item waits for.

    `then` is the target as it was right after this item changed it, for its event: a copy if a later item of
    the set changed it again. `records_read` is false where nobody looked at the customer data: a cancel, or
    an older item.
    """

    draft: TargetDraft | None
    result: str = ""
    refusal: ItemRefused | None = None
    target: Target | None = None
    then: Target | None = None
    mapping: Mapping | None = None
    warnings: list[Warn] = field(default_factory=list)
    review_ids: list[int] = field(default_factory=list)
    records_read: bool = True

    _told: dict[str, Any] | None = None

    @property
    def mapping_json(self) -> dict[str, Any] | None:
        """Return how the customer data was mapped, with the ids there are by now; None if none was sent."""
        if self._told is None:
            self._told = self._tell()
        return self._told

    def forget_ids(self) -> None:
        """Tell anew: the ids of new rows and reviews have gone with their transaction."""
        self._told = None
        self.review_ids.clear()

    def _tell(self) -> dict[str, Any] | None:
        if self.mapping is not None:
            return self.mapping.as_json()
        if self.refusal is None and self.records_read and self.draft is not None and self.draft.text_only:
            return text_only()
        return None
