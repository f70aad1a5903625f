"""The staff's side: roles, demo data."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Stands on top of all other rooms."""

    name = "ordinavo.desk"
    label = "desk"
