"""What lists of subscriptions and deliveries can be asked for."""

from datetime import datetime

import django_filters
from django.db.models import Exists, OuterRef, QuerySet

from ordinavo.kernel.filters import IdFilter, InstantFilter, OpaqueIdFilter, TextFilter, WordFilter
from ordinavo.kernel.ulids import first_ulid
from webhooks.catalog.types import EVENT_TYPES
from webhooks.models import Delivery, Event
from webhooks.selectors import CLOCK_SKEW


class SubscriptionFilters(django_filters.FilterSet):
    """`GET /webhooks/subscriptions` knows none but those of its pages."""


class DeliveryFilters(django_filters.FilterSet):
    """Query parameters of `GET /webhooks/deliveries`."""

    subscriptionId = IdFilter("subscription_id", help_text="Those to this subscription, even a deleted one.")
    eventId = OpaqueIdFilter("event_id", prefix=Event.PREFIX, help_text="Those of this event.")
    eventType = WordFilter(
        "event_type",
        choices=[(name, name) for name in EVENT_TYPES],
        help_text="Those of events of this type.",
    )
    status = WordFilter(choices=Delivery.Status.choices, help_text="Those with this status.")
    correlationId = TextFilter(
        method="of_correlation", help_text="Those of events that a request with this id led to."
    )
    createdFrom = InstantFilter(method="made_from", help_text="Created at or after this time.")
    createdTo = InstantFilter(method="made_before", help_text="Created before this time.")

    def of_correlation(self, rows: QuerySet[Delivery], name: str, value: str) -> QuerySet[Delivery]:
        """Keep deliveries of events with this correlation id."""
        events = Event.objects.filter(tenant=OuterRef("tenant"), pk=OuterRef("event"), correlation_id=value)
        return rows.filter(Exists(events))

    # Ids sort by time: with their help the list is entered and left where the time begins and ends.
    def made_from(self, rows: QuerySet[Delivery], name: str, value: datetime) -> QuerySet[Delivery]:
        """Keep deliveries that were created at or after a time."""
        return rows.filter(created_at__gte=value, id__gte=first_ulid(value - CLOCK_SKEW))

    def made_before(self, rows: QuerySet[Delivery], name: str, value: datetime) -> QuerySet[Delivery]:
        """Keep deliveries that were created before a time."""
        return rows.filter(created_at__lt=value, id__lt=first_ulid(value + CLOCK_SKEW))
