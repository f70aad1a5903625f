"""What happens, and so is told."""

from dataclasses import dataclass

from django_domain_events import event


@event
@dataclass(frozen=True, slots=True)
class TargetImported:
    """All that its webhook says, as text: its codec knows no nested objects."""

    payload: str
