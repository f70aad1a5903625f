"""The kernel: what every room stands on and what knows none of them."""

from django.apps import AppConfig
from django.core.checks import Tags, register

from ordinavo.kernel.checks import limits_are_sensible, proxies_are_counted


class KernelConfig(AppConfig):
    """Registers the system checks."""

    name = "ordinavo.kernel"
    label = "kernel"

    def ready(self) -> None:
        """Hand the checks to Django."""
        register(limits_are_sensible)
        register(proxies_are_counted, Tags.security, deploy=True)
