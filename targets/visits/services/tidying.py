"""What nobody needs any more, deleted in small steps.

Files without a report are what a crash between writing a file and its row leaves behind.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import Q, QuerySet
from django.utils import timezone

from targets.visits.models import Attachment, Device, Invitation, Submission
from targets.visits.selectors.devices import KEPT as DEVICE_KEPT

# So long may a phone have kept what it sent, and not heard the answer.
SUBMISSION_KEPT = timedelta(days=30)
# Invitations that are over and devices that are out, for whoever asks when that was.
ACCESS_KEPT = timedelta(days=90)
# Long enough for every upload that is under way.
_YOUNG = timedelta(days=1)
_STEP = 1000


def prune_submissions() -> int:
    """Delete what no phone will send again; return how many there were."""
    past = timezone.now() - SUBMISSION_KEPT
    return _delete(Submission.objects.filter(created_at__lte=past).order_by("created_at"))


def prune_access() -> int:
    """Delete invitations that are over, and devices that are out, for long; return how many."""
    past = timezone.now() - ACCESS_KEPT
    out = Q(signed_out_at__lte=past) | Q(last_seen_at__lte=past - DEVICE_KEPT)
    invitations = Invitation.objects.filter(expires_at__lte=past)
    return _delete(invitations.order_by("id")) + _delete(Device.objects.filter(out).order_by("id"))


def discard_lost_files() -> int:
    """Delete files of this month and the last one that no report knows; return how many there were."""
    now = timezone.now()
    lost = 0
    for folder in dict.fromkeys((_folder(now), _folder(now.replace(day=1) - timedelta(days=1)))):
        lost += sum(_discard(names) for names in _steps(folder))
    return lost


def _delete(rows: QuerySet[Any]) -> int:
    deleted = 0
    while ids := list(rows.values_list("id", flat=True)[:_STEP]):
        deleted += rows.model._default_manager.filter(id__in=ids).delete()[0]
    return deleted


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
