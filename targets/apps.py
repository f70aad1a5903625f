"""What is to be done, where, and when."""

from django.apps import AppConfig


class TargetsConfig(AppConfig):
    """Targets and their templates."""

    name = "targets"
