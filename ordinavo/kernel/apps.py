"""The kernel: what every room stands on and what knows none of them."""

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models import BigAutoField, CharField

from ordinavo.kernel.checks import (
    files_are_kept,
    limits_are_sensible,
    proxies_are_counted,
    webhook_targets_are_named,
)
from ordinavo.kernel.lookups import AmongIds, AmongTexts, Word


class KernelConfig(AppConfig):
    """Registers the system checks and the lookups."""

    name = "ordinavo.kernel"
    label = "kernel"

    def ready(self) -> None:
        """Hand checks and lookups to Django."""
        register(limits_are_sensible)
        register(webhook_targets_are_named)
        CharField.register_lookup(AmongTexts)
        CharField.register_lookup(Word)
        BigAutoField.register_lookup(AmongIds)
        register(proxies_are_counted, Tags.security, deploy=True)
        register(files_are_kept, Tags.files, deploy=True)
