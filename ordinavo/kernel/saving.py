"""From Django's errors of a new row to domain errors."""

from typing import TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction

from ordinavo.kernel.errors import Conflict, Detail, ValidationFailed

INVALID_FIELDS = "One or more fields are invalid."
Row = TypeVar("Row", bound=models.Model)


def save_new(row: Row) -> Row:
    """Validate and insert a row; `ValidationFailed` names its fields, `Conflict` means a lost race."""
    validate(row)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as exc:
        raise Conflict(f"Somebody made the same {row._meta.verbose_name} at this moment.") from exc
    return row


def validate(row: models.Model) -> None:
    """Raise `ValidationFailed` with one detail per fault, fields as paths."""
    try:
        row.full_clean()
    except ValidationError as exc:
        details = [
            Detail(path="" if field == NON_FIELD_ERRORS else field, code="invalid", message=message)
            for field, messages in exc.message_dict.items()
            for message in messages
        ]
        raise ValidationFailed(INVALID_FIELDS, details=details) from exc


def invalid_field(path: str, message: str) -> ValidationFailed:
    """Return the error for one bad argument of a service."""
    return ValidationFailed(INVALID_FIELDS, details=[Detail(path=path, code="invalid", message=message)])
