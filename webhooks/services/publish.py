"""Telling: events and their deliveries, written in the transaction of the change that they tell of."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from django.db import connection, models, transaction
from django.utils import timezone

from integrations.models import Feature
from ordinavo.kernel import correlation
from ordinavo.kernel.alike import Alike, insert_alike
from ordinavo.kernel.json_text import json_text
from ordinavo.kernel.sets import Row
from ordinavo.kernel.ulids import ulid_texts
from webhooks import bell
from webhooks.catalog.types import EVENT_TYPES, matches
from webhooks.models import Delivery, Event
from webhooks.payload.shape import Snapshot

# Events of one statement: more would make its text too long to be handled at ease.
_MOST_AT_ONCE = 1000
_PENDING, _CANCELLED = Delivery.Status.PENDING.value, Delivery.Status.CANCELLED.value


class Occurrence(NamedTuple):
    """Something that happened. `snapshot` holds the blocks of its type, with all their members; it may be
    JSON text already.

    `subject` is a model's label and the row's id. With `client_id` only that client's subscriptions are told.
    Without `correlation_id` it is the one of the work in hand.
    """

    type: str
    snapshot: Snapshot | str
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


def publish_events(audience: Audience, occurrences: Iterable[Occurrence]) -> None:
    """Store the events that somebody asks for and a delivery for each who does: two statements.

    Call it inside the transaction of the change; what is rolled back is never told. Senders are called after
    the commit. A thousand events go with one pair of statements.
    """
    wanted = _wanted(audience, occurrences)
    while (publication := _publication(audience, islice(wanted, _MOST_AT_ONCE))).events:
        insert_alike(Event, publication.events)
        insert_alike(Delivery, publication.deliveries)
        publication.announce()


@dataclass(frozen=True, slots=True)
class Publication:
    """Events and deliveries, for those who store them together with other rows."""

    events: Sequence[Alike] = ()
    deliveries: Sequence[Alike] = ()
    is_due: bool = False

    @property
    def sets(self) -> list[tuple[type[models.Model], Sequence[Row]]]:
        """What is to be inserted, in this order; nothing if nobody is told."""
        both = (Event, self.events), (Delivery, self.deliveries)
        return [(model, [row for one in sets for row in one.rows]) for model, sets in both if sets]

    def announce(self) -> None:
        """Call the senders after the commit."""
        if self.is_due:
            transaction.on_commit(bell.ring, robust=True)


def publication_of(audience: Audience, occurrences: Iterable[Occurrence]) -> Publication:
    """Return the events that somebody asks for, and a delivery for each who does."""
    return _publication(audience, _wanted(audience, occurrences))


def _wanted(audience: Audience, occurrences: Iterable[Occurrence]) -> Iterator[Occurrence]:
    return (one for one in occurrences if audience.wants(one.type, client_id=one.client_id))


class _Kind(NamedTuple):
    """What many events have in common."""

    type: str
    client_id: int | None
    correlation_id: str
    subject_type: str


# Id, subject's id and snapshot.
_Told = tuple[str, int | None, str]


def _publication(audience: Audience, wanted: Iterable[Occurrence]) -> Publication:
    now, ids = timezone.now().isoformat(), ulid_texts()
    events: list[Alike] = []
    deliveries: list[Alike] = []
    is_due = False
    for kind, told in _by_kind(wanted).items():
        events.append(_events(audience, kind, told, now))
        for listener in audience.wanting(kind.type, client_id=kind.client_id):
            promised = [(pk, event_id) for pk, (event_id, *_) in zip(ids, told, strict=False)]
            deliveries.append(_deliveries(audience, kind, listener, promised, now))
            is_due |= listener.active
    return Publication(events, deliveries, is_due)


def _by_kind(occurrences: Iterable[Occurrence]) -> Mapping[_Kind, Sequence[_Told]]:
    # Work that nobody asked for by a request gets an id of its own.
    asked = correlation.correlation_id.get() or correlation.new_id()
    told: dict[_Kind, list[_Told]] = defaultdict(list)
    for pk, one in zip(ulid_texts(), occurrences, strict=False):
        subject_type, subject_id = one.subject or ("", None)
        snapshot = one.snapshot if isinstance(one.snapshot, str) else json_text(one.snapshot)
        kind = _Kind(one.type, one.client_id, one.correlation_id or asked, subject_type)
        told[kind].append((pk, subject_id, snapshot))
    return told


def _events(audience: Audience, kind: _Kind, told: Sequence[_Told], now: str) -> Alike:
    shared = {
        "tenant_id": audience.tenant_id,
        "source_system_id": audience.source_system_id,
        **kind._asdict(),
        "occurred_at": now,
        "is_example": False,
    }
    return Alike(shared, ("id", "subject_id", "snapshot"), told)


def _deliveries(
    audience: Audience, kind: _Kind, to: Listener, promised: Sequence[tuple[str, str]], now: str
) -> Alike:
    shared = {
        "tenant_id": audience.tenant_id,
        "client_id": to.client_id,
        "subscription_id": to.id,
        "event_type": kind.type,
        "status": _PENDING if to.active else _CANCELLED,
        "attempt_count": 0,
        "due_at": now if to.active else None,
        "by_hand": False,
        "created_at": now,
        "finished_at": None if to.active else now,
    }
    return Alike(shared, ("id", "event_id"), promised)
