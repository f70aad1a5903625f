"""What lists of subscriptions and deliveries can be asked for."""

import django_filters
from django.db.models import Exists, OuterRef, QuerySet

from ordinavo.kernel.filters import IdFilter, InstantFilter, OpaqueIdFilter, TextFilter, WordFilter
from webhooks.catalog.types import EVENT_TYPES
from webhooks.models import Delivery, Event


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
    createdFrom = InstantFilter("created_at", lookup_expr="gte", help_text="Created at or after this time.")
    createdTo = InstantFilter("created_at", lookup_expr="lt", help_text="Created before this time.")

    def of_correlation(self, rows: QuerySet[Delivery], name: str, value: str) -> QuerySet[Delivery]:
        """Keep deliveries of events with this correlation id."""
        events = Event.objects.filter(tenant=OuterRef("tenant"), pk=OuterRef("event"), correlation_id=value)
        return rows.filter(Exists(events))
