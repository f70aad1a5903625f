"""python -m by_signal prepare | fire: the addresses, or the payload and how often, as JSON on the input."""

import json
import os
import sys

import django
from django.core.management import call_command
from django.db import connection, transaction

os.environ["DJANGO_SETTINGS_MODULE"] = "by_signal.settings"
django.setup()

from django_webhook.models import (  # noqa: E402  (models can be imported only now)
    Webhook,
    WebhookEvent,
    WebhookSecret,
    WebhookTopic,
    populate_topics_from_settings,
)

from . import app  # noqa: E402
from .models import Target  # noqa: E402


def prepare(urls: list[str]) -> None:
    """Make the tables, and one webhook for each address."""
    call_command("migrate", verbosity=0, run_syncdb=True)
    populate_topics_from_settings()
    topic = WebhookTopic.objects.get(name="by_signal.Target/create")
    for url in urls:
        webhook = Webhook.objects.create(url=url)
        webhook.topics.add(topic)
        WebhookSecret.objects.create(webhook=webhook, token="a secret that signs")


def fire(asked: dict[str, object]) -> None:
    """Save so many targets in one transaction; each is told to every webhook."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {WebhookEvent._meta.db_table}")
    # One connection to the broker for all messages, as a web process has.
    with app.pool.acquire(), transaction.atomic():
        for _ in range(int(str(asked["times"]))):
            Target(payload=asked["payload"]).save()


if __name__ == "__main__":
    match sys.argv[1]:
        case "prepare":
            prepare(json.load(sys.stdin))
        case "fire":
            fire(json.load(sys.stdin))
