"""People who visit customers, their days, what they report, and what of it is billed."""

from targets.visits.admin import appointments, billing, employees, reports

__all__ = ["appointments", "billing", "employees", "reports"]
