"""Letting employees into MyDay and out of it: invitations, and the devices on which they are logged in."""

from typing import Any, Protocol

import segno
from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from unfold.widgets import UnfoldAdminEmailInputWidget

from ordinavo.kernel.admin import show
from ordinavo.kernel.admin.asking import ask, done, posted, shown
from ordinavo.kernel.admin.base import ReadOnly, TenantTabularInline
from ordinavo.kernel.admin.columns import column
from ordinavo.kernel.admin.scope import tenant_of
from ordinavo.kernel.errors import Conflict, ValidationFailed
from ordinavo.tenants.staff import actor_of
from targets.visits.models import Device, Employee, Invitation
from targets.visits.selectors.devices import is_of_login
from targets.visits.services.devices import sign_out_device, sign_out_everywhere
from targets.visits.services.inviting import invite_employee, withdraw_invitations

_LEFT = (
    "What was not sent yet stays on the phone. Without a connection it shows pages that it has seen for up to"
    " a day."
)
DEVICE_STATES = {"Logged in": "good"}


class EmployeePage(Protocol):
    """What these pages need of the employees' admin."""

    admin_site: Any
    opts: Any

    def get_object(self, request: HttpRequest, object_id: str) -> Employee | None:
        """Return the employee if they are the tenant's own."""

    def may_invite(self, request: HttpRequest) -> bool:
        """Whether the person may invite employees."""

    def may_sign_out(self, request: HttpRequest) -> bool:
        """Whether the person may sign devices out."""


class InviteForm(forms.Form):
    """What the employee logs in with."""

    email = forms.EmailField(
        label="E-mail address",
        widget=UnfoldAdminEmailInputWidget(attrs={"autocomplete": "off"}),
        help_text="The employee logs in with it. Nothing is sent there.",
    )


class DeviceInline(ReadOnly, TenantTabularInline):
    """Where an employee is logged in. The secrets are not stored, so there is nothing more to see."""

    model = Device
    tenant_path = "employee__tenant"
    readonly_fields = ("name", "state", "created_at", "last_seen", "out")
    tab = True
    hide_title = True
    show_change_link = False
    per_page = 20

    def get_queryset(self, request: HttpRequest) -> Any:
        """Read the login along: with another password the device is out."""
        return super().get_queryset(request).select_related("employee__user")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show the way out to those who may use it."""
        return self.readonly_fields if may_sign_out(request) else self.readonly_fields[:-1]

    @column("State", marks=DEVICE_STATES)
    def state(self, row: Device) -> str:
        """Whether it is in."""
        if row.signed_out_at:
            return "Signed out"
        return "Logged in" if is_of_login(row.login_hash, row.employee.user) else "Must log in again"

    @column("Last seen")
    def last_seen(self, row: Device) -> str:
        """When it asked for a page last, to the minute."""
        return show.when(row.last_seen_at)

    @column("")
    def out(self, row: Device) -> SafeString | str:
        """The way out, for a device that is in."""
        if row.signed_out_at:
            return f"on {show.when(row.signed_out_at)}"
        path = reverse("admin:sign_out_device", args=[row.employee_id, row.pk])
        return format_html('<a class="ord-link ord-danger" href="{}">Sign out</a>', path)


def may_sign_out(request: HttpRequest) -> bool:
    """Whether the person may sign devices out, once a tenant is chosen."""
    return bool(request.user.has_perm("visits.change_device") and tenant_of(request))


def invite(page: EmployeePage, request: HttpRequest, object_id: str) -> HttpResponse:
    """Ask for the address, then show link and code."""
    employee = _employee(page, request, object_id, may=page.may_invite(request))
    form = InviteForm(posted(request), initial={"email": employee.user.email if employee.user else ""})

    def perform() -> HttpResponse:
        email = form.cleaned_data["email"]
        try:
            invitation, secret = invite_employee(employee=employee, email=email, actor=actor_of(request))
        except ValidationFailed as refusal:
            raise Conflict(refusal.details[0].message) from refusal
        return _link_page(page, request, invitation, secret)

    return ask(
        page,
        request,
        employee,
        perform,
        form=form,
        title=f"Invite {employee} to MyDay",
        explanation="You get a link and a code to show, print or send on. With it they choose a password, "
        "once, within 24 hours. An older invitation ends now; other devices are signed out when the new "
        "password is chosen.",
        submit_text="Make the invitation",
        back=show.page_of(employee),
    )


def withdraw(page: EmployeePage, request: HttpRequest, object_id: str) -> HttpResponse:
    """Ask once more, then end the open invitation."""
    employee = _employee(page, request, object_id, may=page.may_invite(request))

    def perform() -> HttpResponse:
        withdraw_invitations(employee=employee, actor=actor_of(request))
        return done(request, f"The invitation of {employee} does not work any more.", show.page_of(employee))

    return ask(
        page,
        request,
        employee,
        perform,
        title=f"Withdraw the invitation of {employee}",
        explanation="Its link and code stop working at once.",
        submit_text="Withdraw",
        danger=True,
        back=show.page_of(employee),
    )


def sign_out(page: EmployeePage, request: HttpRequest, object_id: str, device_id: int) -> HttpResponse:
    """Ask once more, then sign one device out."""
    employee = _employee(page, request, object_id, may=page.may_sign_out(request))
    device = employee.devices.filter(pk=device_id).select_related("employee__tenant").first()
    if device is None:
        raise Http404

    def perform() -> HttpResponse:
        sign_out_device(device=device, actor=actor_of(request))
        return done(request, f"{device} of {employee} is signed out.", show.page_of(employee))

    return ask(
        page,
        request,
        employee,
        perform,
        title=f"Sign out {device} of {employee}",
        explanation=f"Its next request asks for the password. {_LEFT} If somebody else may know the "
        "password, invite the employee again.",
        submit_text="Sign out",
        danger=True,
        back=show.page_of(employee),
    )


def sign_out_all(page: EmployeePage, request: HttpRequest, object_id: str) -> HttpResponse:
    """Ask once more, then sign all devices out."""
    employee = _employee(page, request, object_id, may=page.may_sign_out(request))

    def perform() -> HttpResponse:
        number = sign_out_everywhere(employee=employee, actor=actor_of(request))
        devices = "1 device" if number == 1 else f"{number} devices"
        return done(request, f"{employee} is signed out on {devices}.", show.page_of(employee))

    return ask(
        page,
        request,
        employee,
        perform,
        title=f"Sign out {employee} everywhere",
        explanation=f"All devices ask for the password with their next request. {_LEFT}",
        submit_text="Sign out everywhere",
        danger=True,
        back=show.page_of(employee),
    )


def _link_page(page: EmployeePage, request: HttpRequest, invitation: Invitation, secret: str) -> HttpResponse:
    employee = invitation.employee
    path = f"{reverse('myday:invitation')}?{urlencode({'key': secret})}"
    link = f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else request.build_absolute_uri(path)
    facts = {"link": link, "code": _code(link), "invitation": invitation, "back": show.page_of(employee)}
    title = f"Invitation for {employee}"
    answer = shown(page, request, employee, "admin/visits/invitation.html", title=title, **facts)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _code(link: str) -> SafeString:
    """Return the link as a picture that a phone's camera reads; black on white in the dark too."""
    drawn: str = segno.make(link, error="m", micro=False).svg_inline(
        border=4, dark="#000", light="#fff", svgclass=None, lineclass=None, omitsize=True
    )
    return mark_safe(drawn)  # noqa: S308  drawn by segno: shapes only, none of the text


def _employee(page: EmployeePage, request: HttpRequest, object_id: str, *, may: bool) -> Employee:
    employee = page.get_object(request, object_id) if may else None
    if employee is None:
        raise Http404
    return employee
