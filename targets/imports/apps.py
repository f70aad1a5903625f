"""How targets come in."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    """Import jobs, items and mapping reviews; the inbound API."""

    name = "targets.imports"
    label = "imports"
