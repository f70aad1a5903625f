"""Scopes at the door of a view."""

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from integrations.grants import Grant, MissingScope, grant_of
from integrations.scopes import Scope


class HasRequiredScopes(BasePermission):
    """Reads the view's `required_scopes`: method to scope, or to a tuple of which any one is enough.

    A method that is not listed needs only a key, so that a method that does not exist is answered with 405.
    """

    def has_permission(self, request: Request, view: object) -> bool:
        """Return True, or raise `MissingScope` with the (first) scope that would do."""
        method = "GET" if request.method == "HEAD" else request.method
        needed = getattr(view, "required_scopes", {}).get(method)
        if needed is None:
            return True
        require_any(grant_of(request), needed if isinstance(needed, tuple) else (needed,))
        return True


def require_any(grant: Grant, scopes: tuple[Scope, ...]) -> None:
    """Raise `MissingScope` unless the client holds one of the scopes."""
    if not any(grant.allows(scope) for scope in scopes):
        raise MissingScope(scopes[0])
