"""The forms of an employee's account."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ordinavo.tenants.models import User
from targets.visits.models import Language

WRONG = _("E-mail address or password are not right. If you do not remember them, ask for a new invitation.")
LOCKED = _("There were too many attempts. Wait a while before you try again, or ask for a new invitation.")


class LogInForm(forms.Form):
    """E-mail address and password; whatever is wrong with them is said in the same words."""

    email = forms.CharField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None
        self.is_locked = False

    def clean(self) -> dict[str, Any]:
        """Ask Django's doors, which also count failures and lock out."""
        given = self.cleaned_data
        if self.errors:
            return given
        email = given["email"].strip().lower()
        user = authenticate(self.request, username=email, password=given["password"])
        if isinstance(user, User):
            self.user = user
            return given
        # Whoever locks out would answer in words of its own: this page does, in its language.
        self.is_locked = bool(getattr(self.request, "login_locked", False))
        raise forms.ValidationError(LOCKED if self.is_locked else WRONG)


class WelcomeForm(forms.Form):
    """What an employee chooses with an invitation: a password, typed twice, and the language."""

    password = forms.CharField(
        label=_("New password"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 8 characters. A sentence is easy to remember and hard to guess."),
    )
    again = forms.CharField(
        label=_("The same password again"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices, widget=forms.RadioSelect)

    def clean_again(self) -> str:
        """Refuse two different passwords."""
        again = str(self.cleaned_data["again"])
        if self.cleaned_data.get("password", again) != again:
            raise forms.ValidationError(_("The two passwords are not the same."))
        return again


class LanguageForm(forms.Form):
    """What MyDay speaks."""

    language = forms.ChoiceField(label=_("Language"), choices=Language.choices, widget=forms.RadioSelect)
