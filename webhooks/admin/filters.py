"""Filters of subscriptions, events and deliveries; none of them reads a table to offer its choices."""

from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from ordinavo.kernel.admin.filters import ChoiceFilter
from ordinavo.kernel.ulids import first_ulid
from webhooks.catalog.types import EVENT_TYPES
from webhooks.models import Delivery, Subscription
from webhooks.selectors import CLOCK_SKEW

# As words in the statement: what is prepared without them would never take the indexes of single statuses.
_FAILING = Q(status__word=Delivery.Status.FAILED) | Q(status__word=Delivery.Status.RETRYING)
_TYPES = tuple((name, name) for name in EVENT_TYPES)
_AGES = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}
_OFF = Subscription.DisabledReason
_STATES = {
    "on": Q(active=True),
    "failing": Q(active=True, failure_streak__gt=0),
    "paused": Q(disabled_reason=_OFF.PAUSED),
    "gone": Q(disabled_reason=_OFF.GONE),
    "given_up": Q(disabled_reason=_OFF.FAILING),
    "deleted": Q(disabled_reason=_OFF.DELETED),
}


class StateFilter(ChoiceFilter):
    """Subscriptions by how they stand; deleted ones only when asked for."""

    title, parameter_name, unchosen = "state", "state", "All but deleted ones"
    options = (
        ("on", "On"),
        ("failing", "Failing"),
        ("paused", "Paused"),
        ("gone", "Gone (410)"),
        ("given_up", "Given up"),
        ("deleted", "Deleted"),
    )

    def narrow(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Compare reason and streak."""
        return rows.filter(_STATES.get(value, Q(deleted_at=None)))


class StatusFilter(ChoiceFilter):
    """Deliveries by status."""

    title, parameter_name = "status", "status"
    options = (("failing", "Failed or retrying"), *Delivery.Status.choices)

    def narrow(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Compare the status; what fails has an index of its own."""
        if not value:
            return rows
        return rows.filter(_FAILING if value == "failing" else Q(status__word=value))


class DeliveredTypeFilter(ChoiceFilter):
    """Deliveries by the type of their event."""

    title, parameter_name, options = "type", "event_type", _TYPES

    def narrow(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Compare the type: a rare one is looked for in another way than a common one."""
        return rows.filter(**{f"{self.parameter_name}__word": value}) if value else rows


class EventTypeFilter(DeliveredTypeFilter):
    """Events by type."""

    parameter_name = "type"


class AgeFilter(ChoiceFilter):
    """The newest ones: ids sort by time, so the list is left where the time begins."""

    title, parameter_name, unchosen = "time", "age", "Any time"
    options = (("hour", "Last hour"), ("day", "Last 24 hours"), ("week", "Last 7 days"))

    def narrow(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Compare the id."""
        if not value:
            return rows
        return rows.filter(pk__gte=first_ulid(timezone.now() - _AGES[value] - CLOCK_SKEW))
