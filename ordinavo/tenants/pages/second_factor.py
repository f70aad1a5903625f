"""The pages of the second factor: asked for after the password, set up, looked after."""

from io import BytesIO
from typing import Any

import segno
from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from unfold.widgets import UnfoldAdminTextInputWidget, UnfoldBooleanWidget

from ordinavo.kernel.errors import DomainError, ValidationFailed
from ordinavo.tenants import totp, verified
from ordinavo.tenants.doors import SecondFactor
from ordinavo.tenants.services import second_factor
from ordinavo.tenants.staff import actor_of, home_of

_CODE = {"autocomplete": "one-time-code", "inputmode": "text", "autofocus": "", "spellcheck": "false"}


class CodeForm(forms.Form):
    """A code of the app, or a recovery code."""

    code = forms.CharField(
        max_length=40, widget=UnfoldAdminTextInputWidget(attrs={**_CODE, "autocapitalize": "off"})
    )

    def refuse(self, refusal: DomainError) -> None:
        """Say under the field what was refused."""
        wrong = isinstance(refusal, ValidationFailed) and refusal.details
        self.add_error("code" if wrong else None, refusal.details[0].message if wrong else refusal.message)


class StepUpForm(CodeForm):
    """The code after the password."""

    remember = forms.BooleanField(
        required=False, label="Don't ask in this browser for 30 days", widget=UnfoldBooleanWidget
    )


def step_up(request: HttpRequest) -> HttpResponse:
    """Ask for the code that the session still lacks."""
    user = actor_of(request)
    factor = second_factor.factor_of(user)
    if factor is None:
        return HttpResponseRedirect(reverse("second_factor_setup"))
    if verified.is_verified(request, factor):
        return HttpResponseRedirect(way_on(request))
    form = StepUpForm(request.POST or None)
    if form.is_valid() and _is_right(request, form):
        verified.mark_verified(request, factor)
        answer = HttpResponseRedirect(way_on(request))
        if form.cleaned_data["remember"]:
            verified.remember(answer, user, factor)
        return answer
    return _page(request, "step_up", title="Second factor", form=form, next=way_on(request))


def set_up(request: HttpRequest) -> HttpResponse:
    """Show the secret as a QR code until the app proves that it has it; then the recovery codes, once."""
    user = actor_of(request)
    if second_factor.factor_of(user) is not None:
        return HttpResponseRedirect(reverse("second_factor_manage"))
    factor = second_factor.begin(user=user)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            codes = second_factor.confirm(user=user, code=form.cleaned_data["code"])
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            verified.mark_verified(request, factor)
            return _page(request, "codes", title="Recovery codes", codes=codes)
    text = totp.as_text(second_factor.secret_of(factor))
    return _page(
        request,
        "set_up",
        title="Set up a second factor",
        form=form,
        secret=" ".join(text[at : at + 4] for at in range(0, len(text), 4)),
        required=second_factor.is_required(user),
        company=home_of(user),
    )


def qr_code(request: HttpRequest) -> HttpResponse:
    """Return the secret that is being set up as a picture; not found before and after."""
    user = actor_of(request)
    factor = SecondFactor.objects.filter(user=user, confirmed_at=None).first()
    if factor is None:
        raise Http404
    address = totp.address_of(second_factor.secret_of(factor), account=user.email)
    picture = BytesIO()
    segno.make(address, error="m", micro=False).save(picture, kind="svg", scale=5, border=3, light="white")
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")


def manage(request: HttpRequest) -> HttpResponse:
    """Renew the recovery codes or switch the factor off; the code shows that it is no borrowed session."""
    user = actor_of(request)
    factor = second_factor.factor_of(user)
    if factor is None:
        return HttpResponseRedirect(reverse("second_factor_setup"))
    form = CodeForm(request.POST or None)
    if form.is_valid() and _is_right(request, form):
        try:
            return _managed(request)
        except DomainError as refusal:
            form.refuse(refusal)
    return _page(
        request,
        "manage",
        title="Second factor",
        form=form,
        factor=factor,
        left=factor.recovery_codes.filter(used_at=None).count(),
        required=second_factor.is_required(user),
    )


def _managed(request: HttpRequest) -> HttpResponse:
    user = actor_of(request)
    if request.POST.get("verb") == "off":
        second_factor.remove(user=user, actor=user)
        messages.success(request, "The second factor is switched off. The password alone lets you in.")
        return HttpResponseRedirect(reverse("admin:index"))
    codes = second_factor.renew_codes(user=user)
    return _page(request, "codes", title="Recovery codes", codes=codes)


def _is_right(request: HttpRequest, form: CodeForm) -> bool:
    try:
        second_factor.check(user=actor_of(request), code=form.cleaned_data["code"])
    except DomainError as refusal:
        form.refuse(refusal)
        return False
    return True


def way_on(request: HttpRequest) -> str:
    """Return the page that somebody was on the way to, if it is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else reverse("admin:index")


def _page(request: HttpRequest, name: str, **context: Any) -> HttpResponse:
    shared = admin.site.each_context(request)
    return TemplateResponse(request, f"admin/second_factor/{name}.html", {**shared, **context})
