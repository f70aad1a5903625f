"""The staff's desk, on top of all apps."""

from typing import Any

from django.apps import AppConfig
from django.core.management import call_command
from django.db.models.signals import post_migrate


class DeskConfig(AppConfig):
    """Start page, roles, demo seed."""

    name = "ordinavo.desk"
    label = "desk"

    def ready(self) -> None:
        """Keep groups in step with the roles: the one signal of the project."""
        post_migrate.connect(_roles_after_migrate, sender=self)


def _roles_after_migrate(**_: Any) -> None:
    # By its command, since models cannot be imported while apps are still loading.
    call_command("sync_roles", verbosity=0)
