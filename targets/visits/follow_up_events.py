"""Follow-ups are told of to the source system of the target that they follow."""

from targets.events import SUBJECT, linked_blocks, links_of, records_of, target_block
from targets.models import Target
from webhooks.catalog.types import TARGET_FOLLOW_UP
from webhooks.services import publish
from webhooks.services.publish import Occurrence


def tell_follow_up(target: Target) -> None:
    """Publish that a follow-up was made: four statements at most."""
    source_system = target.source_system
    audience = publish.audience_of(tenant_id=source_system.tenant_id, source_system_id=source_system.pk)
    if not audience.wants(TARGET_FOLLOW_UP):
        return
    links = links_of(target)
    blocks = {
        **linked_blocks(links, records_of([links], source_system)),
        "target": target_block(target, source_system),
    }
    occurrence = Occurrence(TARGET_FOLLOW_UP, blocks, subject=(SUBJECT, target.pk))
    publish.publish_event(audience, occurrence)
