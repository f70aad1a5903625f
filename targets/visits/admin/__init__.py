"""People who visit customers, their days, and their appointments."""

from targets.visits.admin import appointments, employees

__all__ = ["appointments", "employees"]
