"""Customers and what hangs on them, as staff see them."""

from customers.admin import cities, records

__all__ = ["cities", "records"]
