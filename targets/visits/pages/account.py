"""An employee's account: getting in, getting out, the language."""

from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from ordinavo.kernel.errors import NotFound, ValidationFailed
from targets.visits.models import Employee, Invitation
from targets.visits.pages.access import (
    COOKIE,
    EmployeeRequest,
    after_login,
    device_of,
    employee_required,
    for_anybody,
    forget_login,
    language_of,
    stay_logged_in,
)
from targets.visits.pages.account_forms import LanguageForm, LogInForm, WelcomeForm
from targets.visits.pages.naming import name_of_device
from targets.visits.selectors.devices import employee_of, open_invitation
from targets.visits.services.devices import sign_in, sign_out_device
from targets.visits.services.inviting import Welcome, accept_invitation
from targets.visits.services.languages import choose_language


@for_anybody
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Let an employee in with e-mail address and password."""
    if request.method != "POST":
        return _login_page(request)
    form = LogInForm(request, request.POST)
    if not form.is_valid() or form.user is None:
        return _show_login(request, form, status=429 if form.is_locked else 200)
    employee = employee_of(form.user)
    if employee is None:
        return render(request, "myday/account/no_employee.html", {"user": form.user}, status=403)
    _, secret = sign_in(employee=employee, name=_device_name(request))
    return _enter(request, employee, secret)


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Sign this device out."""
    device = device_of(request)
    if device is not None:
        sign_out_device(device=device, actor=device.employee.user)
    response = HttpResponseRedirect(reverse("myday:login"))
    forget_login(response)
    return response


@for_anybody
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest) -> HttpResponse:
    """Let an employee set a password with the secret of an invitation; only answering the form uses it up.

    The secret is no part of the path, which is logged.
    """
    secret = request.POST.get("key") or request.GET.get("key") or ""
    found = open_invitation(secret)
    if found is None:
        return render(request, "myday/account/invitation_over.html", status=404)
    initial = {"language": found.employee.language or language_of(request)}
    form = WelcomeForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            return _accept(request, found.employee, secret, form)
        except ValidationFailed as refusal:
            form.add_error("password", refusal.details[0].message)
        except NotFound:
            return render(request, "myday/account/invitation_over.html", status=404)
    return _show_invitation(request, found, secret, form)


@employee_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: EmployeeRequest) -> HttpResponse:
    """Show who is logged in, and let them choose another language."""
    initial = {"language": language_of(request, request.employee)}
    form = LanguageForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        choose_language(employee=request.employee, language=form.cleaned_data["language"])
        return HttpResponseRedirect(reverse("myday:account"))
    context = {"employee": request.employee, "device": request.device, "form": form}
    return render(request, "myday/account/account.html", context)


def _login_page(request: HttpRequest) -> HttpResponse:
    if device_of(request) is not None:
        return HttpResponseRedirect(after_login(request))
    was_signed_out = COOKIE in request.COOKIES
    response = _show_login(request, LogInForm(request), was_signed_out=was_signed_out)
    if was_signed_out:
        forget_login(response)
    return response


def _show_login(
    request: HttpRequest, form: LogInForm, *, status: int = 200, was_signed_out: bool = False
) -> HttpResponse:
    context = {"form": form, "next": after_login(request), "was_signed_out": was_signed_out}
    return render(request, "myday/account/login.html", context, status=status)


def _show_invitation(request: HttpRequest, found: Invitation, secret: str, form: WelcomeForm) -> HttpResponse:
    context = {"employee": found.employee, "invitation": found, "secret": secret, "form": form}
    response = render(request, "myday/account/invitation.html", context)
    # The address holds the secret; logs of requests for the page's files would name it.
    response.headers["Referrer-Policy"] = "strict-origin"
    return response


def _accept(request: HttpRequest, employee: Employee, secret: str, form: WelcomeForm) -> HttpResponse:
    given = form.cleaned_data
    welcome = Welcome(password=given["password"], language=given["language"], device=_device_name(request))
    _, device_secret = accept_invitation(secret=secret, welcome=welcome)
    return _enter(request, employee, device_secret)


def _enter(request: HttpRequest, employee: Employee, secret: str) -> HttpResponse:
    """Lead in, and let those who count failures and log-ins know."""
    user_logged_in.send(sender=type(employee.user), request=request, user=employee.user)
    rotate_token(request)
    response = HttpResponseRedirect(after_login(request))
    stay_logged_in(response, secret)
    return response


def _device_name(request: HttpRequest) -> str:
    return name_of_device(request.headers.get("User-Agent", ""))
