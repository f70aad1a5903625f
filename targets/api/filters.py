"""What lists of targets can be asked for."""

from datetime import datetime, timedelta

import django_filters
from django.db.models import QuerySet

from ordinavo.kernel.filters import InstantFilter, TextFilter, WordFilter
from targets.models import Target

# A change is seen when its transaction commits, which may be after a later one: so much is read again.
OVERLAP = timedelta(minutes=5)


class TargetFilters(django_filters.FilterSet):
    """Query parameters of `GET /targets`."""

    externalId = TextFilter("external_id", help_text="Your own id.")
    status = WordFilter(choices=Target.Status.choices, help_text="Those with this status.")
    updatedSince = InstantFilter(
        method="since", help_text="Those that changed at or after this time, or up to five minutes before."
    )

    def since(self, rows: QuerySet[Target], name: str, value: datetime) -> QuerySet[Target]:
        """Keep what changed since an instant, and a little before it."""
        return rows.filter(updated_at__gte=value - OVERLAP)
