"""Giving out files of reports: to whom is decided by the view that asks."""

from typing import IO

from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from ordinavo.kernel.errors import NotFound
from targets.visits.models import Attachment

# Nothing in a file may run or load anything, even where a browser shows it by itself.
_POLICY = "default-src 'none'; sandbox"


def attachment_response(attachment: Attachment) -> FileResponse:
    """Return an attachment as an answer: photos to be shown, other files to be saved.

    The view has checked that whoever asks may see it. `NotFound` if the file is gone.
    """
    is_photo = attachment.kind != Attachment.Kind.PDF
    answer = FileResponse(
        opened(attachment),
        as_attachment=not is_photo,
        filename=attachment.name,
        content_type=attachment.kind,
    )
    guard(answer)
    return answer


def opened(attachment: Attachment) -> IO[bytes]:
    """Return the content of an attachment, to be closed by the caller; `NotFound` if the file is gone."""
    try:
        return attachment.file.storage.open(str(attachment.file.name), "rb")
    except FileNotFoundError:
        raise NotFound(_("The file is not there any more.")) from None


def guard(answer: HttpResponseBase) -> None:
    """Give an answer that holds a file the headers under which nothing of it can do harm."""
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = _POLICY
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    # A file never changes; a phone need not load it again, and nobody in between may keep it.
    answer["Cache-Control"] = "private, max-age=86400, immutable"
