"""Who goes where, in which order."""

from django.apps import AppConfig


class RoutesConfig(AppConfig):
    """Route suggestions, routes, stops and what was left out."""

    name = "targets.routes"
    label = "routes"
