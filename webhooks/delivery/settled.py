"""Who wants to know when deliveries of an event type have come to their end.

Upper apps register in `AppConfig.ready()`. They are called after the results are recorded, outside
the transaction, unless the process dies just then. So they must be harmless when called twice, and a sweep of
theirs must find what they missed.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from uuid import UUID

import structlog

log = structlog.get_logger("ordinavo.webhooks")

Follower = Callable[[Collection[UUID]], None]

_followers: dict[str, list[Follower]] = defaultdict(list)


def on_settled(event_type: str, follower: Follower) -> None:
    """Let `follower` be called with the ids of events of this type that were delivered or given up."""
    if follower not in _followers[event_type]:
        _followers[event_type].append(follower)


def forget(event_type: str, follower: Follower) -> None:
    """Take a follower away again."""
    _followers[event_type].remove(follower)


def tell(settled: Mapping[str, Collection[UUID]]) -> None:
    """Call the followers of each event type; a fault of theirs is logged and stops nobody."""
    for event_type, event_ids in settled.items():
        for follower in _followers.get(event_type, ()):
            try:
                follower(event_ids)
            except Exception:  # deliveries go on whatever others make of them
                log.exception("follower_failed", event_type=event_type)
