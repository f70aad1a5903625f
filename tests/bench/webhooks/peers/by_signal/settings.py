"""Settings of the peer.

Tuned where its documentation or Celery's leaves the choice: the query for webhooks is cached (its default),
connections to the database last, results are ignored, workers fetch ahead. Its events are stored (its
default), since ours are.
"""

import json
import os

SECRET_KEY = "only-for-the-bench"
DATABASES = {"default": {**json.loads(os.environ["PEER_DATABASE"]), "CONN_MAX_AGE": None}}
INSTALLED_APPS = ["django_webhook", "by_signal"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True

DJANGO_WEBHOOK = {"MODELS": ["by_signal.Target"], "STORE_EVENTS": True, "USE_CACHE": True}

CELERY_BROKER_URL = os.environ["PEER_BROKER"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 16
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
