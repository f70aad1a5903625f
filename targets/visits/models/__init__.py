"""Employees and their days, their visits, and what these came to."""

from targets.visits.models.appointments import Appointment
from targets.visits.models.billing import BillingEvent
from targets.visits.models.devices import Device, Invitation, Submission
from targets.visits.models.people import Absence, Employee, Language, WorkingHours
from targets.visits.models.reports import Attachment, VisitReport

__all__ = [
    "Absence",
    "Appointment",
    "Attachment",
    "BillingEvent",
    "Device",
    "Employee",
    "Invitation",
    "Language",
    "Submission",
    "VisitReport",
    "WorkingHours",
]
