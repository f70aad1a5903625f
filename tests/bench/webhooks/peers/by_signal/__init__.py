"""`django-webhook`: a signal after each save, and a Celery task for each webhook."""

from .app import app

# Tasks bind themselves to the app that is there when they are imported.
__all__ = ["app"]
