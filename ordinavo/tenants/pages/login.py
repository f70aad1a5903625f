"""The log-in form of the admin."""

from django.core.exceptions import ValidationError
from unfold.forms import AuthenticationForm

from ordinavo.tenants.services.lockout import LOCKED


class LoginForm(AuthenticationForm):  # type: ignore[misc]
    """Says who is locked out, and until when; anything else wrong is one and the same sentence."""

    def get_invalid_login_error(self) -> ValidationError:
        """Return what stands above the form."""
        if getattr(self.request, "login_locked", False):
            return ValidationError(LOCKED, code="locked")
        error: ValidationError = super().get_invalid_login_error()
        return error
