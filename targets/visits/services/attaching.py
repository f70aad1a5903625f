"""Photos and files of a report. Each may be sent twice and is stored once."""

import hashlib
import secrets
from functools import partial
from typing import IO

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from ordinavo.kernel.errors import NotFound
from targets.visits.files import Clean, FileRefused, cleaned, display_name, read_file
from targets.visits.models import Appointment, Attachment, Employee, VisitReport
from targets.visits.services.handing_in import open_report
from targets.visits.services.locking import appointment_of, lock_appointment, lock_report_of
from targets.visits.services.submissions import claim
from targets.visits.states import MoveRefused, require_extendable, require_reported, require_writable

MOST_FILES = 20


def add_attachment(
    *, employee: Employee, appointment_id: int, key: str, name: str, content: IO[bytes], size: int
) -> Attachment:
    """Add a photo or PDF to the report of a visit, which is opened if there is none yet; until it is decided.

    The same `key` again changes nothing. `FileRefused` for what can't be attached, `MoveRefused` for a visit
    that has not begun or a report that is approved, `NotFound` for visits of others.
    """
    _require_place(appointment_of(employee, appointment_id))
    data = read_file(content, size)
    digest = hashlib.sha256(data).hexdigest()
    known = Attachment.objects.filter(report__appointment=appointment_id, key=key).first()
    # It takes a while, so nothing is locked meanwhile; a file that was sent already is not looked at again.
    clean = None if known else cleaned(data)
    return _add(employee, appointment_id, key=key, name=name, digest=digest, clean=clean)


@transaction.atomic
def remove_attachment(*, employee: Employee, appointment_id: int, attachment_id: int) -> None:
    """Take a file away from a report that can still be written in. `NotFound` if there is no such file."""
    report = lock_report_of(lock_appointment(employee, appointment_id))
    row = None if report is None else report.attachments.filter(pk=attachment_id).first()
    if report is None or row is None:
        raise NotFound(_("There is no such file."))
    require_writable(report)
    row.delete()
    transaction.on_commit(partial(_discard, row), robust=True)


@transaction.atomic
def _add(
    employee: Employee, appointment_id: int, *, key: str, name: str, digest: str, clean: Clean | None
) -> Attachment:
    first = claim(employee=employee, key=key, action="attach", appointment_id=appointment_id, content=digest)
    if not first or clean is None:
        return _sent_before(appointment_id, key)
    report = _extendable(lock_appointment(employee, appointment_id))
    row = Attachment(
        report=report,
        key=key,
        kind=clean.kind,
        name=display_name(name, clean.kind),
        size=len(clean.content),
        width=clean.width,
        height=clean.height,
    )
    return _store(row, clean.content)


def _store(row: Attachment, content: bytes) -> Attachment:
    """Write the file under a name that nobody can guess, then the row; without a row there is no file."""
    row.file.save(secrets.token_hex(16), ContentFile(content), save=False)
    try:
        row.save(force_insert=True)
    except BaseException:
        _discard(row)
        raise
    return row


def _sent_before(appointment_id: int, key: str) -> Attachment:
    row = Attachment.objects.filter(report__appointment=appointment_id, key=key).first()
    if row is None:
        raise MoveRefused("file_removed", _("The file was sent before, and taken away since."))
    return row


def _require_place(appointment: Appointment) -> None:
    """Refuse early what would be refused in the end."""
    require_reported(appointment)
    report = VisitReport.objects.filter(appointment=appointment).first()
    if report is not None:
        require_extendable(report)


def _extendable(appointment: Appointment) -> VisitReport:
    require_reported(appointment)
    report = lock_report_of(appointment)
    if report is None:
        return open_report(appointment)
    require_extendable(report)
    if report.attachments.count() >= MOST_FILES:
        message = _("The report has %(most)s files already; more don't fit.")
        raise FileRefused("too_many_files", message % {"most": MOST_FILES})
    return report


def _discard(row: Attachment) -> None:
    row.file.delete(save=False)
