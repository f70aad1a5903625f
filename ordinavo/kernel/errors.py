"""Domain errors: nouns with a code. One handler turns them into HTTP; import items carry the same codes."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Detail:
    """One fault: where (`planning.dueDate`, `query.cursor`), which (a code), and a sentence."""

    path: str
    code: str
    message: str


class DomainError(Exception):
    """A refusal that the caller can understand and act on.

    `facts` are further members of the answer, in camelCase (`requiredScope`, `importJobId`,
    `retryAfterSeconds`); `headers` go out as they are.
    """

    status = 422
    code = "unprocessable"

    def __init__(
        self,
        message: str,
        *,
        details: Sequence[Detail] = (),
        headers: dict[str, str] | None = None,
        **facts: object,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.details = tuple(details)
        self.headers = headers or {}
        self.facts = facts


class InvalidJson(DomainError):
    """The body is not JSON, or holds what no JSON reader can give back unchanged."""

    status, code = 400, "invalid_json"


class ValidationFailed(DomainError):
    """Fields or query parameters are wrong; `details` name them."""

    status, code = 400, "validation_failed"


class NotFound(DomainError):
    """No such thing, or not yours: the caller can't tell which."""

    status, code = 404, "not_found"


class Conflict(DomainError):
    """The state of the thing does not allow this."""

    status, code = 409, "conflict"


class PayloadTooLarge(DomainError):
    """The body has more bytes than the endpoint takes."""

    status, code = 413, "payload_too_large"


class UnsupportedMediaType(DomainError):
    """The body is not plain `application/json` in UTF-8."""

    status, code = 415, "unsupported_media_type"


class Unavailable(DomainError):
    """Something that we stand on is away; come back after `retryAfterSeconds`."""

    status, code = 503, "unavailable"

    def __init__(self, message: str, *, retry_after: int = 5) -> None:
        super().__init__(message, headers={"Retry-After": str(retry_after)}, retryAfterSeconds=retry_after)
