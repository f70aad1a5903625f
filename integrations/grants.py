"""What an authenticated request may do."""

from dataclasses import dataclass
from typing import cast

from rest_framework.request import Request

from integrations.models import ApiKey, IntegrationClient, SourceSystem
from integrations.scopes import Scope
from ordinavo.kernel.errors import Detail, DomainError
from ordinavo.tenants.models import Tenant


class MissingScope(DomainError):
    """The client lacks a scope; `requiredScope` names it, `path` the member of the body that needs it."""

    status, code = 403, "missing_scope"

    def __init__(self, scope: Scope, *, path: str = "") -> None:
        message = f"This needs the scope {scope.value}."
        details = [Detail(path, self.code, message)] if path else []
        super().__init__(message, details=details, requiredScope=scope.value)


@dataclass(frozen=True, slots=True)
class Grant:
    """A working key and its client: the `request.auth` of every API request."""

    client: IntegrationClient
    key: ApiKey

    @property
    def tenant(self) -> Tenant:
        """The tenant (or its test twin) that the client belongs to."""
        return self.client.tenant

    @property
    def source_system(self) -> SourceSystem:
        """The outside system that speaks."""
        return self.client.source_system

    def allows(self, scope: Scope) -> bool:
        """Whether the client holds the scope."""
        return scope.value in self.client.scopes

    def require(self, scope: Scope, *, path: str = "") -> None:
        """Raise `MissingScope` unless the client holds the scope; `path` says what in the body needs it."""
        if not self.allows(scope):
            raise MissingScope(scope, path=path)


def grant_of(request: Request) -> Grant:
    """Return the grant of an authenticated request, typed."""
    return cast("Grant", request.auth)
