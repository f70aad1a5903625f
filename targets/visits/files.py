"""Files of reports: judged by their content, cleaned, named. Each refusal is a sentence with a code."""

import io
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image

from ordinavo.kernel.errors import DomainError
from targets.visits.models import Attachment
from targets.visits.pictures import STRIP, Damaged, Moving, orientation_of, pixels_of_webp

Kind = Attachment.Kind

_FORMATS = {"JPEG": Kind.JPEG, "PNG": Kind.PNG, "WEBP": Kind.WEBP}
_SUFFIXES = {
    Kind.JPEG: (".jpg", ".jpeg", ".jpe"),
    Kind.PNG: (".png",),
    Kind.WEBP: (".webp",),
    Kind.PDF: (".pdf",),
}
_HEIC = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif"})
_LONGEST_NAME = 100
_MEGABYTE = 1_000_000
# Turned pictures are compressed anew, so well that nobody sees it.
_QUALITY = 92
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# All that Pillow raises at broken files.
_BROKEN = (OSError, SyntaxError, ValueError, TypeError, IndexError, OverflowError, EOFError, Damaged)
_BOMB = (Image.DecompressionBombError, Image.DecompressionBombWarning)


class FileRefused(DomainError):
    """The file can't be attached; the message says why, and what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Clean:
    """A file as it is kept; pixels are those of pictures."""

    kind: Attachment.Kind
    content: bytes
    width: int | None = None
    height: int | None = None


def read_file(content: IO[bytes], size: int) -> bytes:
    """Return what was sent; `FileRefused` if it is empty or has more bytes than may be."""
    most = settings.ATTACHMENT_MOST_BYTES
    data = b"" if size > most else content.read(most + 1)
    if max(size, len(data)) > most:
        sizes = {"size": f"{max(size, len(data)) / _MEGABYTE:.1f}", "most": f"{most / _MEGABYTE:g}"}
        message = _("The file has %(size)s MB. Files of up to %(most)s MB can be sent.")
        raise FileRefused("file_too_large", message % sizes)
    if len(data) < size:
        message = _("That was too much at once. Send the files one after the other.")
        raise FileRefused("too_much_at_once", message)
    if not data:
        raise FileRefused("file_empty", _("The file is empty."))
    return data


def cleaned(data: bytes) -> Clean:
    """Return a photo or PDF without what it need not tell, whatever its name says; or raise `FileRefused`."""
    if data.startswith(b"%PDF-"):
        return Clean(Kind.PDF, _whole_pdf(data))
    return _picture(data, _format_of(data))


def display_name(name: str, kind: Attachment.Kind) -> str:
    """Return a name that is safe to show and to save under: no folders, no tricks, an ending that is true."""
    last = PurePosixPath(name.replace("\\", "/")).name
    plain = "".join(
        letter for letter in unicodedata.normalize("NFC", last) if unicodedata.category(letter)[0] != "C"
    )
    stem = " ".join(plain.split())
    ending = next((one for one in _SUFFIXES[kind] if stem.lower().endswith(one)), "")
    stem = stem[: len(stem) - len(ending)].strip(". ")[:_LONGEST_NAME]
    return (stem or ("file" if kind == Kind.PDF else "photo")) + _SUFFIXES[kind][0]


def _format_of(data: bytes) -> str:
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    raise _unknown(data)


def _unknown(data: bytes) -> FileRefused:
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC:
        message = _(
            "This photo is a HEIC file, which many computers can't show. Choose “Most Compatible” in the"
            " camera's settings and take it again, or send a screenshot of it."
        )
        return FileRefused("file_heic", message)
    if data[4:8] == b"ftyp":
        return FileRefused("file_video", _("Videos can't be attached. Send a photo."))
    message = _("Only photos (JPEG, PNG, WebP) and PDF files can be attached. This file is something else.")
    return FileRefused("file_unknown", message)


def _picture(data: bytes, form: str) -> Clean:
    try:
        content, notes = STRIP[form](data)
        if form == "WEBP":
            _require_pixels(pixels_of_webp(content))
        width, height = _checked_size(content, form)
        turn = orientation_of(notes)
        if turn in _TURNS:
            content, width, height = _turned(content, form, _TURNS[turn])
    except Moving:
        raise FileRefused("picture_moves", _("Moving pictures can't be attached. Send a photo.")) from None
    except _BOMB:
        raise _too_many_pixels() from None
    except _BROKEN:
        raise _damaged() from None
    return Clean(_FORMATS[form], content, width, height)


def _checked_size(content: bytes, form: str) -> tuple[int, int]:
    """Return width and height of a picture whose pixels can all be read."""
    with Image.open(io.BytesIO(content), formats=[form]) as image:
        size = image.size
        _require_pixels(size[0] * size[1])
        # An eighth of each side tells a JPEG that breaks off as well, in a third of the time.
        image.draft(image.mode, (max(1, size[0] // 8), max(1, size[1] // 8)))
        image.load()
    return size


def _turned(content: bytes, form: str, turn: Image.Transpose) -> tuple[bytes, int, int]:
    """Return a picture turned upright, with its size."""
    with Image.open(io.BytesIO(content), formats=[form]) as image:
        upright = image.transpose(turn)
        written = io.BytesIO()
        upright.save(written, format=form, quality=_QUALITY, icc_profile=image.info.get("icc_profile"))
    return STRIP[form](written.getvalue())[0], *upright.size


def _require_pixels(number: int) -> None:
    if number > settings.ATTACHMENT_MOST_PIXELS:
        raise _too_many_pixels()


def _too_many_pixels() -> FileRefused:
    message = _("The picture has too many pixels. Send one of up to %(most)s million.")
    return FileRefused("picture_too_large", message % {"most": settings.ATTACHMENT_MOST_PIXELS // 1_000_000})


def _whole_pdf(data: bytes) -> bytes:
    """Return a PDF up to its end; what follows it is for other programs than PDF readers."""
    ends = data.rfind(b"%%EOF")
    if ends < max(0, len(data) - 1024):
        raise _damaged()
    return data[: ends + 5] + b"\n"


def _damaged() -> FileRefused:
    message = _("The file is damaged or incomplete. Send it once more, or take the photo again.")
    return FileRefused("file_damaged", message)
