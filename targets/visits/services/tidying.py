"""Files without a report: what a crash between writing a file and its row leaves behind."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import PurePosixPath

from django.core.files.storage import default_storage
from django.utils import timezone

from targets.visits.models import Attachment

# Long enough for every upload that is under way.
_YOUNG = timedelta(days=1)
_STEP = 1000


def discard_lost_files() -> int:
    """Delete files of this month and the last one that no report knows; return how many there were."""
    now = timezone.now()
    lost = 0
    for folder in dict.fromkeys((_folder(now), _folder(now.replace(day=1) - timedelta(days=1)))):
        lost += sum(_discard(names) for names in _steps(folder))
    return lost


def _folder(day: datetime) -> str:
    pattern = str(Attachment._meta.get_field("file").upload_to)
    return str(PurePosixPath(day.strftime(pattern)))


def _steps(folder: str) -> Iterator[list[str]]:
    if default_storage.exists(folder):
        names = [f"{folder}/{name}" for name in sorted(default_storage.listdir(folder)[1])]
        for start in range(0, len(names), _STEP):
            yield names[start : start + _STEP]


def _discard(names: list[str]) -> int:
    oldest = timezone.now() - _YOUNG
    known = set(Attachment.objects.filter(file__in=names).values_list("file", flat=True))
    lost = [one for one in names if one not in known and default_storage.get_modified_time(one) < oldest]
    for one in lost:
        default_storage.delete(one)
    return len(lost)
