"""The kernel: what every room stands on and what knows none of them."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Registers the system checks and configures the logs."""

    name = "ordinavo.kernel"
    label = "kernel"
