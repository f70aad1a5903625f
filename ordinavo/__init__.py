"""Ordinavo Connect: the integration gateway and field-work core."""

from ordinavo.celery import app as celery_app

__all__ = ["celery_app"]
