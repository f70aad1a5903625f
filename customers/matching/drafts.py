"""What an outside system said about a customer, a location and a contact."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

CUSTOMER, LOCATION, CONTACT = "customer", "location", "contact"


@dataclass(frozen=True, slots=True)
class RecordDraft:
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
    def has_identity(self) -> bool:
        """Whether the record says who it is, rather than what it is called."""
        return bool(self.external_id or self.number)

    @property
    def key(self) -> str:
        """The external id or, without one, a digest of what was sent: one doubt, one review."""
        if self.external_id:
            return self.external_id
        text = json.dumps(self.values, sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(text.casefold().encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class RecordSet:
    """The customer, location and contact that one target came with; None was not sent."""

    customer: RecordDraft | None = None
    location: RecordDraft | None = None
    contact: RecordDraft | None = None

    def __iter__(self) -> Iterator[RecordDraft]:
        return (draft for draft in (self.customer, self.location, self.contact) if draft is not None)

    def __bool__(self) -> bool:
        return any(True for _ in self)
