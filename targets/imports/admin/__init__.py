"""Imports as staff see them: jobs, items with their reasons, records in doubt."""

from targets.imports.admin import items, jobs, reviews

__all__ = ["items", "jobs", "reviews"]
