"""Telling: events and their deliveries, written in the transaction of the change that they tell of."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction
from django.utils import timezone

from integrations.models import Feature
from ordinavo.kernel import correlation
from ordinavo.kernel.json_text import json_text
from ordinavo.kernel.sets import Row, insert_rows
from ordinavo.kernel.ulids import new_ulids
from webhooks import bell
from webhooks.catalog.types import EVENT_TYPES, matches
from webhooks.models import Delivery, Event
from webhooks.payload.shape import Snapshot

# Events of one statement: more would make its text too long to be handled at ease.
_MOST_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Something that happened. `snapshot` holds the blocks of its type, with all their members.

    `subject` is a model's label and the row's id. With `client_id` only that client's subscriptions are told.
    Without `correlation_id` it is the one of the work in hand.
    """

    type: str
    snapshot: Snapshot
    subject: tuple[str, int] | None = None
    client_id: int | None = None
    correlation_id: str = ""


@dataclass(frozen=True, slots=True)
class Listener:
    """A subscription as far as publishing needs it; `active` is false while it or its client is off."""

    id: int
    client_id: int
    event_types: tuple[str, ...]
    active: bool
    features: frozenset[str]

    def wants(self, event_type: str) -> bool:
        """Whether it asks for the type, and its client may have it."""
        if EVENT_TYPES[event_type].is_billing and Feature.BILLING_WEBHOOKS.value not in self.features:
            return False
        return matches(self.event_types, event_type)


@dataclass(frozen=True)
class Audience:
    """Who listens to a source system, as of now; good for one transaction."""

    tenant_id: int
    source_system_id: int
    listeners: tuple[Listener, ...]
    _wanting: dict[tuple[str, int | None], tuple[Listener, ...]] = field(default_factory=dict, repr=False)

    def wants(self, event_type: str, *, client_id: int | None = None) -> bool:
        """Whether anybody asks for the type; `client_id`: whether that client does."""
        return bool(self.wanting(event_type, client_id=client_id))

    def wanting(self, event_type: str, *, client_id: int | None = None) -> tuple[Listener, ...]:
        """Return those who ask for the type, all or of one client."""
        key = event_type, client_id
        if key not in self._wanting:
            self._wanting[key] = tuple(
                one
                for one in self.listeners
                if (client_id is None or one.client_id == client_id) and one.wants(event_type)
            )
        return self._wanting[key]


_LISTENERS = """
SELECT listener.id, listener.client_id, listener.event_types, listener.active AND client.active,
    client.features
FROM webhooks_subscription AS listener
JOIN integrations_integrationclient AS client ON client.id = listener.client_id
WHERE listener.tenant_id = %s AND client.source_system_id = %s AND listener.deleted_at IS NULL
ORDER BY listener.id
"""


def audience_of(*, tenant_id: int, source_system_id: int, client_id: int | None = None) -> Audience:
    """Return who listens to a source system, or only one of its clients: one statement.

    Paused subscriptions are among them: their deliveries are born cancelled, so that they can be replayed.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LISTENERS, [tenant_id, source_system_id])
        listeners = [
            Listener(pk, owner, tuple(types), active, frozenset(features))
            for pk, owner, types, active, features in cursor.fetchall()
        ]
    heard = (one for one in listeners if client_id is None or one.client_id == client_id)
    return Audience(tenant_id, source_system_id, tuple(heard))


def publish_event(audience: Audience, occurrence: Occurrence) -> None:
    """Tell of one occurrence; see `publish_events`."""
    publish_events(audience, [occurrence])


def publish_events(audience: Audience, occurrences: Sequence[Occurrence]) -> None:
    """Store the events that somebody asks for and a delivery for each who does: two statements.

    Call it inside the transaction of the change; what is rolled back is never told. Senders are called after
    the commit. A thousand events go with one pair of statements.
    """
    everything = iter(occurrences)
    while chunk := list(islice(everything, _MOST_AT_ONCE)):
        publication = publication_of(audience, chunk)
        for model, rows in publication.sets:
            insert_rows(model, rows)
        publication.announce()


@dataclass(frozen=True, slots=True)
class Publication:
    """Events and deliveries as rows, for those who store them together with other rows."""

    events: Sequence[Row] = ()
    deliveries: Sequence[Row] = ()
    is_due: bool = False

    @property
    def sets(self) -> list[tuple[type[models.Model], Sequence[Row]]]:
        """What is to be inserted, in this order; nothing if nobody is told."""
        return [(Event, self.events), (Delivery, self.deliveries)] if self.events else []

    def announce(self) -> None:
        """Call the senders after the commit."""
        if self.is_due:
            transaction.on_commit(bell.ring, robust=True)


def publication_of(audience: Audience, occurrences: Sequence[Occurrence]) -> Publication:
    """Return the events that somebody asks for, and a delivery for each who does."""
    now = timezone.now()
    wanted = [one for one in occurrences if audience.wants(one.type, client_id=one.client_id)]
    events = list(zip(new_ulids(len(wanted)), wanted, strict=True))
    told = [
        (pk, one.type, listener)
        for pk, one in events
        for listener in audience.wanting(one.type, client_id=one.client_id)
    ]
    return Publication(
        _events(audience, events, now),
        _deliveries(audience, told, now),
        any(listener.active for _, _, listener in told),
    )


def _events(audience: Audience, events: Sequence[tuple[UUID, Occurrence]], now: datetime) -> list[Row]:
    # Work that nobody asked for by a request gets an id of its own.
    asked = correlation.correlation_id.get() or correlation.new_id()
    shared = {
        "tenant_id": audience.tenant_id,
        "source_system_id": audience.source_system_id,
        "occurred_at": now,
        "is_example": False,
    }
    return [{**shared, **_event(pk, one, asked)} for pk, one in events]


def _deliveries(audience: Audience, told: Sequence[tuple[UUID, str, Listener]], now: datetime) -> list[Row]:
    shared = {"tenant_id": audience.tenant_id, "attempt_count": 0, "by_hand": False, "created_at": now}
    ids = new_ulids(len(told))
    return [{**shared, "id": str(pk), **_delivery(*one, now)} for pk, one in zip(ids, told, strict=True)]


def _event(pk: UUID, occurrence: Occurrence, correlation_id: str) -> dict[str, Any]:
    subject_type, subject_id = occurrence.subject or ("", None)
    return {
        "id": str(pk),
        "client_id": occurrence.client_id,
        "type": occurrence.type,
        "correlation_id": occurrence.correlation_id or correlation_id,
        "subject_type": subject_type,
        "subject_id": subject_id,
        "snapshot": json_text(occurrence.snapshot),
    }


def _delivery(event_id: UUID, event_type: str, listener: Listener, now: datetime) -> dict[str, Any]:
    return {
        "client_id": listener.client_id,
        "subscription_id": listener.id,
        "event_id": str(event_id),
        "event_type": event_type,
        "status": Delivery.Status.PENDING if listener.active else Delivery.Status.CANCELLED,
        "due_at": now if listener.active else None,
        "finished_at": None if listener.active else now,
    }
