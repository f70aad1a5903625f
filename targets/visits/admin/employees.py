"""Employees with their working hours and absences."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from ordinavo.kernel.admin.base import KeptForGood, TenantAdmin, TenantTabularInline
from ordinavo.kernel.admin.columns import column
from ordinavo.kernel.admin.forms import TenantForm
from targets.visits.models import Absence, Employee, WorkingHours

STATE = {"Active": "good", "Inactive": "bad", "No start": "warn"}


class HoursInline(TenantTabularInline):
    """The week."""

    model = WorkingHours
    tenant_path = "employee__tenant"
    fields = ("weekday", "start", "end", "break_minutes", "break_from", "break_until")
    tab = True
    show_change_link = False
    per_page = 7


class AbsenceInline(TenantTabularInline):
    """Days off."""

    model = Absence
    tenant_path = "employee__tenant"
    fields = ("first_day", "last_day", "reason")
    tab = True
    show_change_link = False
    per_page = 20


class EmployeeForm(TenantForm):
    """An employee; skills are typed with commas between them."""

    class Meta:
        model = Employee
        exclude = ("tenant",)
        help_texts = {
            "skills": "As templates name them, with commas between.",
            "user": "Their login, if they have one.",
            "active": "Switch it off for people who left: they are not planned any more.",
            "end_address": "Empty: the day ends where it started.",
            "max_stops": "On one day; empty: without a limit.",
            "max_driving_minutes": "On one day; empty: without a limit.",
        }


@admin.register(Employee)
class EmployeeAdmin(KeptForGood, TenantAdmin):
    """Who can be sent. Without coordinates of the start nobody can be planned."""

    form = EmployeeForm
    list_display = ("name", "state", "start_address", "skills_shown", "limits")
    list_filter = ("active",)
    ordering = ("name",)
    search_fields = ("name^",)
    search_help_text = "Start of the name"
    empty_hint = "Add the people who visit customers, with their working hours, to plan routes for them."
    inlines = (HoursInline, AbsenceInline)
    fieldsets = (
        (None, {"fields": (("name", "active"), ("user", "time_zone"), "skills")}),
        (
            "Where the day starts and ends",
            {
                "fields": (
                    "start_address",
                    ("start_latitude", "start_longitude"),
                    "end_address",
                    ("end_latitude", "end_longitude"),
                )
            },
        ),
        ("Limits of a day", {"fields": (("max_stops", "max_driving_minutes"),)}),
    )

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Offer logins without an employee, and the employee's own."""
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        users = form.base_fields.get("user")
        if users is not None:
            free = users.queryset.filter(employee=None)
            mine = users.queryset.filter(employee=obj) if obj else users.queryset.none()
            users.queryset = (free | mine).distinct()
        return form

    @column("State", marks=STATE)
    def state(self, row: Employee) -> str:
        """Whether the person can be planned."""
        if not row.active:
            return "Inactive"
        return "Active" if row.start_latitude is not None else "No start"

    @column("Skills")
    def skills_shown(self, row: Employee) -> str:
        """What the person can do."""
        return ", ".join(row.skills)

    @column("Limits")
    def limits(self, row: Employee) -> str:
        """Most stops and most driving of a day."""
        stops = f"{row.max_stops} stops" if row.max_stops else ""
        driving = f"{row.max_driving_minutes} min driving" if row.max_driving_minutes else ""
        return ", ".join(filter(None, (stops, driving)))
