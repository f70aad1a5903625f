"""Whom the work is for."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """Customers, locations, contacts, and how outside systems call them."""

    name = "customers"
