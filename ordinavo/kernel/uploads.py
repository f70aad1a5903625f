"""Files that come in with forms: no more of them is kept than may be, however much is sent."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler

# Of one request, in files of the greatest size; forms without a script send several.
_MOST_FILES = 5


class BoundedUpload(TemporaryFileUploadHandler):
    """Writes files to the disk up to the limit and one byte; of the rest it only keeps count.

    A file that is too big has its true size and can be refused with a sentence that names it. One that came
    when a request had sent too much already has less content than its size says.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._left = _MOST_FILES * settings.ATTACHMENT_MOST_BYTES

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self._room = min(settings.ATTACHMENT_MOST_BYTES + 1, self._left)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep what there is room for."""
        kept = raw_data[: self._room]
        super().receive_data_chunk(kept, start)
        self._room -= len(kept)
        self._left -= len(kept)
