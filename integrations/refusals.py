"""Why a caller is sent away before a view is asked."""

from ordinavo.kernel.errors import DomainError


class Unauthorized(DomainError):
    """No working key."""

    status, code = 401, "unauthorized"

    def __init__(self, message: str) -> None:
        super().__init__(message, headers={"WWW-Authenticate": "Bearer"})


class ClientDisabled(DomainError):
    """The key works, but its client is switched off."""

    status, code = 403, "client_disabled"


class IpNotAllowed(DomainError):
    """The key works, but not from this address."""

    status, code = 403, "ip_not_allowed"


class RateLimited(DomainError):
    """Too many requests; `retryAfterSeconds` says when the next one has a chance."""

    status, code = 429, "rate_limited"

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message, headers={"Retry-After": str(retry_after)}, retryAfterSeconds=retry_after)
