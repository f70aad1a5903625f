"""What imports keep: jobs and their items, and the reviews that managers decide about."""

from targets.imports.models.jobs import INDEX_BITS, ImportItem, ImportJob, place_of
from targets.imports.models.reviews import (
    MappingReview,
    ReviewDecision,
    ReviewedItem,
    SettledItem,
    SkippedReview,
)

__all__ = [
    "INDEX_BITS",
    "ImportItem",
    "ImportJob",
    "MappingReview",
    "ReviewDecision",
    "ReviewedItem",
    "SettledItem",
    "SkippedReview",
    "place_of",
]
