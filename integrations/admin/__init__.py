"""Source systems, integration clients and their keys, as staff see them."""

from integrations.admin import clients, sources

__all__ = ["clients", "sources"]
