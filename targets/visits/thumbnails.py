"""Small pictures of photos, for lists: a page of twenty photos must not weigh twenty photos."""

import io
from typing import IO

from django.http import HttpResponse
from PIL import Image

from targets.visits.models import Attachment
from targets.visits.serving import guard, opened

EDGE = 360
_QUALITY = 78
# All that Pillow raises at files that it cannot read; they were judged when they came.
_BROKEN = (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning)


def thumbnail_response(attachment: Attachment) -> HttpResponse:
    """Return a photo so small that its longer edge has `EDGE` pixels, with the headers of the file itself.

    What cannot be made small is answered by an empty 404. `NotFound` if the file is gone.
    """
    with opened(attachment) as content:
        small = None if attachment.kind == Attachment.Kind.PDF else _made_small(content)
    if small is None:
        return HttpResponse(status=404)
    answer = HttpResponse(small, content_type="image/jpeg")
    answer["Content-Disposition"] = "inline"
    guard(answer)
    return answer


def _made_small(content: IO[bytes]) -> bytes | None:
    try:
        return _small(content)
    except _BROKEN:
        return None


def _small(content: IO[bytes]) -> bytes:
    with Image.open(content) as picture:
        # A JPEG can be read at an eighth of its size, which is much less work.
        picture.draft("RGB", (EDGE, EDGE))
        picture.thumbnail((EDGE, EDGE))
        plain = Image.new("RGB", picture.size, "white")
        layer = picture.convert("RGBA")
        plain.paste(layer, mask=layer.getchannel("A"))
    written = io.BytesIO()
    plain.save(written, "JPEG", quality=_QUALITY)
    return written.getvalue()
