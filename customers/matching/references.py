"""What an external id names, stored already or about to be."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Reference:
    """One record under the id that an outside system knows it by, and how we came to know."""

    kind: str
    external_id: str
    record: Any
    matched_by: str
