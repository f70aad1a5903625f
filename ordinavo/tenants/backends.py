"""How people log in: by e-mail address and password, behind a lock for those who guess."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from ordinavo.tenants.models import User
from ordinavo.tenants.services import lockout


class GuardedBackend(ModelBackend):
    """Counts attempts before it looks at the password.

    Where it refuses to look, it sets `request.login_locked`, so that a form can say why.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **given: Any,
    ) -> Any:
        """Return the person, or None; `PermissionDenied` (no other backend is asked) while locked out."""
        email = username or given.get(User.USERNAME_FIELD)
        if not email or password is None:
            return None
        door = lockout.login_door(email=email, request=request)
        if not lockout.knock(door=door):
            _mark(request)
            raise PermissionDenied
        user = super().authenticate(request, username=email, password=password)
        if user is None:
            if lockout.is_locked(door=door):
                _mark(request)
            return None
        lockout.forget(door=door)
        return user

    def get_user(self, user_id: int) -> User | None:
        """Return the person of a session, with what each page asks of them in the same statement."""
        related = User.objects.select_related("membership__tenant", "second_factor")
        user = related.filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None


def _mark(request: HttpRequest | None) -> None:
    if request is not None:
        request.login_locked = True  # type: ignore[attr-defined]
