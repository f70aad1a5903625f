"""What an outside system said about a customer, a location and a contact."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from customers.matching.normalise import text_key

CUSTOMER, LOCATION, CONTACT = "customer", "location", "contact"

_PUNCTUATION = re.compile(r"[^\d+]")


class RecordDraft(NamedTuple):
    """One sent record. `values` holds our columns, only those that were sent; "" or None clears.

    `path` says where it stood in the request, for warnings.
    """

    kind: str
    external_id: str
    values: Mapping[str, Any]
    path: str

    @property
    def number(self) -> str:
        """The customer number that was sent, or ""."""
        return self.values.get("number") or ""

    @property
    def key(self) -> str:
        """The external id or, without one, a digest of the normalised data: one doubt, one review."""
        return self.external_id or self.digest()

    def digest(self, *more: str) -> str:
        """Return a digest of the normalised data, and of whatever else tells such records apart."""
        said = {column: _plain(column, value) for column, value in self.values.items()}
        values = {column: value for column, value in said.items() if value not in {"", None}}
        text = json.dumps([values, more], sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class RecordSet:
    """The customer, location and contact that one target came with; None was not sent."""

    customer: RecordDraft | None = None
    location: RecordDraft | None = None
    contact: RecordDraft | None = None

    def __iter__(self) -> Iterator[RecordDraft]:
        return iter([draft for draft in (self.customer, self.location, self.contact) if draft is not None])

    def __bool__(self) -> bool:
        return self.customer is not None or self.location is not None or self.contact is not None


def review_key(draft: RecordDraft, *, customer: RecordDraft | None, within: int | None) -> str:
    """Return what a review of the record is known by. `Reception` is somebody else at every customer.

    `customer` is what was sent along, `within` the id of the customer that the target has if nothing was.
    """
    if draft.external_id or draft.kind == CUSTOMER:
        return draft.key
    return draft.digest(str(within) if customer is None else customer.key)


def _plain(column: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return text_key(_PUNCTUATION.sub("", value) if column == "phone" else value)
