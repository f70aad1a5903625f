"""The Celery app that the worker is started with."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "by_signal.settings")
app = Celery("by_signal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
