"""Indexes that new rows fill page by page; each is there before the one that it replaces goes."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.migrations.operations.base import Operation


def _swap(model: str, column: str, old: str, new: str) -> list[Operation]:
    return [
        AddIndexConcurrently(model, models.Index(fields=[column, "id"], name=new)),
        RemoveIndexConcurrently(model, old),
    ]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("webhooks", "0006_events_checked_by_pruning")]

    operations = [
        *_swap("event", "tenant", "event_newest_first", "event_of_tenant"),
        *_swap("delivery", "tenant", "delivery_newest_first", "delivery_of_tenant"),
        *_swap("delivery", "client", "delivery_newest_of_client", "delivery_of_client"),
        *_swap("delivery", "subscription", "delivery_newest_of_subscr", "delivery_of_subscription"),
        *_swap("attempt", "subscription", "attempt_newest_of_subscr", "attempt_of_subscription"),
    ]
