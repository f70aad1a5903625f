"""Why an item is refused; the codes are those of the contract."""

from collections.abc import Sequence

from ordinavo.kernel.errors import Detail, DomainError

MISSING_EXTERNAL_ID = "missing_external_id"
VALIDATION_FAILED = "validation_failed"
EXTERNAL_ID_EXISTS = "external_id_exists"
UNKNOWN_EXTERNAL_ID = "unknown_external_id"
SOURCE_SYSTEM_NOT_ALLOWED = "source_system_not_allowed"
TARGET_IN_PROGRESS = "target_in_progress"
TARGET_CLOSED = "target_closed"
INTERNAL_ERROR = "internal_error"


class ItemRefused(DomainError):
    """One target of a request is refused; its neighbours are not touched.

    `form` tells that the item itself is malformed (400 for a single import), not that it does not fit what is
    stored (422).
    """

    def __init__(
        self, code: str, message: str, *, path: str = "", details: Sequence[Detail] = (), form: bool = False
    ) -> None:
        super().__init__(message, details=details or [Detail(path=path, code=code, message=message)])
        self.code = code
        self.form = form
