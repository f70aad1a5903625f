"""Imports tell of decided reviews."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from ordinavo.kernel.instants import instant
from targets.events import SUBJECT, linked_blocks, links_of, records_of, target_block
from targets.imports.models import MappingReview
from targets.models import Target
from webhooks.catalog.types import MAPPING_RESOLVED
from webhooks.services import publish
from webhooks.services.publish import Occurrence

REOPENED = "Reopened"


def tell_decided(review: MappingReview, followers: Sequence[Target], *, status: str = "") -> None:
    """Publish, for each target that follows, that a record in doubt was decided about: four statements.

    `status` is what to call the decision if the review does not say it: `REOPENED`.
    """
    audience = publish.audience_of(tenant_id=review.tenant_id, source_system_id=review.source_system_id)
    if not followers or not audience.wants(MAPPING_RESOLVED):
        return
    source_system = review.source_system
    links = [links_of(target) for target in followers]
    records = records_of(links, source_system)
    occurrences = [
        Occurrence(
            MAPPING_RESOLVED,
            {
                **linked_blocks(linked, records),
                "target": target_block(target, source_system),
                "mappingReview": _review(review, target, status),
            },
            subject=(SUBJECT, target.pk),
        )
        for target, linked in zip(followers, links, strict=True)
    ]
    publish.publish_events(audience, occurrences)


def _review(review: MappingReview, target: Target, status: str) -> dict[str, Any]:
    return {
        "id": review.pk,
        "kind": review.kind,
        "externalId": review.external_id or None,
        "status": status or review.status.capitalize(),
        "mappingStatus": (target.mapping or {}).get("status"),
        "decidedAt": instant(review.decided_at or timezone.now()),
    }
