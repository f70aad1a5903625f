"""Files that come in with forms: no more of them is kept than may be, however much is sent."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class BoundedUpload(TemporaryFileUploadHandler):
    """Writes files to the disk up to the limit and one byte; of the rest it only keeps count.

    A file that is too big has its true size and can be refused with a sentence that names it.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self._room = settings.ATTACHMENT_MOST_BYTES + 1

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep what there is room for."""
        super().receive_data_chunk(raw_data[: self._room], start)
        self._room = max(0, self._room - len(raw_data))
