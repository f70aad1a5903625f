"""Settings of the peer.

Tuned where its documentation leaves the choice: connections to the database last, a claim takes four times
as many rows as by default, relays are not woken while events are fired and prune nothing while they deliver.
"""

import json
import os

SECRET_KEY = "only-for-the-bench"
DATABASES = {"default": {**json.loads(os.environ["PEER_DATABASE"]), "CONN_MAX_AGE": None}}
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django_domain_events",
    "django_outbound_webhooks",
    "by_relay",
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True

DJANGO_DOMAIN_EVENTS = {"BATCH_SIZE": 200, "POLL_SECONDS": 0.1, "WAKE": "poll", "RELAY_PRUNE": False}
DJANGO_OUTBOUND_WEBHOOKS = {"ALLOW_PRIVATE_ADDRESSES": True}
