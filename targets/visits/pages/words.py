"""What MyDay calls the values of models, in the employee's language."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

RESULTS: dict[str, Any] = {
    "Successful": _("All done"),
    "PartlySuccessful": _("Partly done"),
    "NotSuccessful": _("Not done"),
    "CustomerAbsent": _("Nobody was there"),
}
PROBLEMS: dict[str, Any] = {
    "no_access": _("No access"),
    "wrong_address": _("Wrong address"),
    "missing_parts": _("Parts or tools are missing"),
    "unsafe": _("Not safe to work"),
    "more_work": _("More work than planned"),
    "other": _("Something else"),
}
PRIORITIES: dict[str, Any] = {
    "Low": _("Low priority"),
    "High": _("High priority"),
    "Urgent": _("Urgent"),
}
STATES: dict[str, Any] = {
    "Started": _("You are here"),
    "Completed": _("Done"),
    "ProblemReported": _("Problem reported"),
    "Cancelled": _("Cancelled"),
}
REPORTS: dict[str, Any] = {
    "Draft": _("Report is a draft"),
    "Submitted": _("Report sent"),
    "Approved": _("Report accepted"),
    "Rejected": _("Report came back"),
}
_ABSENT = {"customer_absent": _("Nobody was there")}
ANY_PROBLEM: Mapping[str, Any] = _ABSENT | PROBLEMS
