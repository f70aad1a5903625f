"""Employees with their working hours and absences, what they have to do today, and their way into MyDay."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from ordinavo.kernel.admin import show
from ordinavo.kernel.admin.base import KeptForGood, TenantAdmin, TenantTabularInline
from ordinavo.kernel.admin.columns import column, lever
from ordinavo.kernel.admin.forms import TenantForm
from ordinavo.kernel.admin.scope import tenant_of
from ordinavo.tenants.staff import actor_of
from targets.visits.admin import devices
from targets.visits.admin.access import ACCESS, access_facts, access_of, stops_link
from targets.visits.models import Absence, Employee, WorkingHours
from targets.visits.selectors.devices import has_devices
from targets.visits.selectors.people import with_access, with_stops
from targets.visits.services.devices import sign_out_everywhere
from targets.visits.services.inviting import withdraw_invitations

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
            "user": "An invitation makes one. Choose one here for colleagues of the office who visit too.",
            "active": "Switch it off for people who left: they are not planned any more, and signed out.",
            "end_address": "Empty: the day ends where it started.",
            "max_stops": "On one day; empty: without a limit.",
            "max_driving_minutes": "On one day; empty: without a limit.",
        }
        labels = {"user": "Login"}


@admin.register(Employee)
class EmployeeAdmin(KeptForGood, TenantAdmin):
    """Who can be sent. Without coordinates of the start nobody can be planned."""

    form = EmployeeForm
    list_display = ("name", "state", "access", "seen", "today", "skills_shown", "limits")
    list_filter = ("active",)
    list_select_related = ("user",)
    ordering = ("name",)
    search_fields = ("name^",)
    search_help_text = "Start of the name"
    empty_hint = "Add the people who visit customers, with their working hours, to plan routes for them."
    inlines = (HoursInline, AbsenceInline, devices.DeviceInline)
    actions_detail = ("invite", "withdraw", "sign_out_all")
    readonly_fields = ("myday",)
    fieldsets = (
        (None, {"fields": (("name", "active"), "skills")}),
        ("MyDay", {"fields": ("myday", ("user", "language"), "time_zone")}),
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

    def get_urls(self) -> list[Any]:
        """Add the pages of invitations and devices."""
        view = self.admin_site.admin_view
        pages: tuple[tuple[str, Any, str], ...] = (
            ("invite/", devices.invite, "invite_employee"),
            ("withdraw/", devices.withdraw, "withdraw_invitation"),
            ("devices/<int:device_id>/sign-out/", devices.sign_out, "sign_out_device"),
            ("sign-out/", devices.sign_out_all, "sign_out_everywhere"),
        )
        own = [
            path(f"<path:object_id>/{below}", view(partial(page, self)), name=name)
            for below, page, name in pages
        ]
        return [*own, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Employee]:
        """Read along what the list tells of each."""
        return with_stops(with_access(super().get_queryset(request)), timezone.localdate())

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Offer logins without an employee, and the employee's own."""
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        users = form.base_fields.get("user")
        if users is not None:
            free = users.queryset.filter(employee=None)
            mine = users.queryset.filter(employee=obj) if obj else users.queryset.none()
            users.queryset = (free | mine).distinct()
        return form

    def save_model(self, request: HttpRequest, obj: Employee, form: Any, change: bool) -> None:
        """Close MyDay to who left, and to who had the login before."""
        super().save_model(request, obj, form, change)
        left = "active" in form.changed_data and not obj.active
        if change and (left or "user" in form.changed_data):
            sign_out_everywhere(employee=obj, actor=actor_of(request))
            withdraw_invitations(employee=obj, actor=actor_of(request))

    # --- Who may -----------------------------------------------------------------------------------------
    def may_invite(self, request: HttpRequest) -> bool:
        """Whoever may change employees, once a tenant is chosen."""
        return bool(request.user.has_perm("visits.change_employee") and tenant_of(request))

    def may_sign_out(self, request: HttpRequest) -> bool:
        """Managers and dispatchers: a lost phone can't wait."""
        return devices.may_sign_out(request)

    def has_invite_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Show the button for active people whose login is no staff's."""
        row = self._row(request, object_id) if self.may_invite(request) else None
        return row is not None and row.active and not (row.user and row.user.is_staff)

    def has_withdraw_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Show the button while an invitation is open."""
        row = self._row(request, object_id) if self.may_invite(request) else None
        return row is not None and bool(row.invited_until)  # type: ignore[attr-defined]

    def has_out_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Show the button while the employee is logged in somewhere."""
        row = self._row(request, object_id) if self.may_sign_out(request) else None
        return row is not None and has_devices(row)

    def _row(self, request: HttpRequest, object_id: str | None) -> Employee | None:
        """Return the employee; read once per request: three buttons ask."""
        if object_id is None:
            return None
        read: dict[str, Any] = request.__dict__.setdefault("_shown_employees", {})
        if object_id not in read:
            read[object_id] = self.get_object(request, object_id)
        row: Employee | None = read[object_id]
        return row

    # --- Buttons -----------------------------------------------------------------------------------------
    @lever("Invite to MyDay", icon="qr_code_2", permissions=["invite"])
    def invite(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Lead to the page that makes an invitation."""
        return HttpResponseRedirect(reverse("admin:invite_employee", args=[object_id]))

    @lever("Withdraw the invitation", icon="link_off", permissions=["withdraw"])
    def withdraw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Lead to the page that ends an invitation."""
        return HttpResponseRedirect(reverse("admin:withdraw_invitation", args=[object_id]))

    @lever("Sign out everywhere", icon="logout", permissions=["out"])
    def sign_out_all(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Lead to the page that signs all devices out."""
        return HttpResponseRedirect(reverse("admin:sign_out_everywhere", args=[object_id]))

    # --- What is shown -----------------------------------------------------------------------------------
    @column("State", marks=STATE)
    def state(self, row: Employee) -> str:
        """Whether the person can be planned."""
        if not row.active:
            return "Inactive"
        return "Active" if row.start_latitude is not None else "No start"

    @column("MyDay", marks=ACCESS)
    def access(self, row: Any) -> str:
        """How far the person has come into MyDay."""
        return access_of(row)

    @column("Last seen")
    def seen(self, row: Any) -> str:
        """When one of their devices asked for a page last."""
        return show.when(row.seen_at)

    @column("Today")
    def today(self, row: Any) -> SafeString | str:
        """Today's visits, and how many of them have ended; leads to them."""
        return stops_link(row) if row.stops else ""

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

    @column("Access")
    def myday(self, row: Any) -> SafeString | str:
        """Login, invitation, devices, and what there is to do today."""
        if row.pk is None:
            return "Save the employee first; then you can invite them."
        return access_facts(row)
