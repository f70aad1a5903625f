"""python -m by_relay prepare | fire | relay: addresses, or payload and how often, as JSON on the input."""

import json
import os
import sys

import django
from django.core.management import call_command
from django.db import connection, transaction

os.environ["DJANGO_SETTINGS_MODULE"] = "by_relay.settings"
django.setup()

from django_domain_events import fire as fire_event  # noqa: E402  (models can be imported only now)
from django_outbound_webhooks import register_endpoint  # noqa: E402

from .events import TargetImported  # noqa: E402

_SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


def prepare(urls: list[str]) -> None:
    """Make the tables, and one endpoint for each address."""
    call_command("migrate", verbosity=0)
    for number, url in enumerate(urls):
        register_endpoint(
            name=f"Receiver {number}", url=url, secret=_SECRET, event_names=["by_relay.TargetImported"]
        )


def fire(asked: dict[str, object]) -> None:
    """Fire so many events in one transaction; each is owed to every endpoint."""
    with connection.cursor() as cursor:
        tables = "django_domain_events_eventrecord, django_outbound_webhooks_deliveryattempt"
        cursor.execute(f"TRUNCATE {tables} CASCADE")
    text = json.dumps(asked["payload"])
    with transaction.atomic():
        for _ in range(int(str(asked["times"]))):
            fire_event(TargetImported(payload=text))


if __name__ == "__main__":
    match sys.argv[1]:
        case "relay":
            call_command("deliver_events")
        case "prepare":
            prepare(json.load(sys.stdin))
        case "fire":
            fire(json.load(sys.stdin))
