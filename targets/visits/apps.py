"""Who goes to customers, and what they find there."""

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """Employees and their days, appointments."""

    name = "targets.visits"
    label = "visits"
