"""Tenants, people and what they did."""

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    """Who works with the product, and for whom."""

    name = "ordinavo.tenants"
    label = "tenants"
    verbose_name = "Tenants and people"
