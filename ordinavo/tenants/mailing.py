"""Notices on their way to the managers' letter boxes: at least once, by one mailer at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from ordinavo.tenants.models import ManagerNotice, Role, Tenant, User

log = structlog.get_logger("ordinavo.tenants")

_MOST_AT_ONCE = 100
# After so long news is old, and a mail server that refuses it won't change its mind.
_PATIENCE = timedelta(days=1)
_ONLY_ONE = 7_246_305_118_402


def mail_notices() -> int:
    """Mail what has not been mailed, the oldest first; return how many notices. Harmless when doubled."""
    waiting = ManagerNotice.objects.filter(mailed_at=None, created_at__gt=timezone.now() - _PATIENCE)
    if not waiting.exists():
        return 0
    with _only_one() as ours:
        if not ours:
            return 0
        chosen = waiting.select_related("tenant__twin_of").order_by("id")[:_MOST_AT_ONCE]
        return sum(_mail(notice) for notice in chosen)


def _mail(notice: ManagerNotice) -> bool:
    letter = EmailMessage(
        subject=" ".join(f"{notice.title} ({notice.tenant.name})".split()),
        body=_text(notice),
        to=_managers(notice.tenant),
    )
    try:
        # Without anybody to write to nothing is sent, and the notice is done with.
        letter.send()
    except OSError as refusal:
        log.warning("mail_refused", notice_id=notice.pk, reason=type(refusal).__name__)
        return False
    ManagerNotice.objects.filter(id=notice.pk).update(mailed_at=timezone.now())
    return True


def _text(notice: ManagerNotice) -> str:
    # A bare path would be no use in a letter.
    link = f"{settings.PUBLIC_URL}{notice.link}" if settings.PUBLIC_URL and notice.link else ""
    return "\n\n".join(filter(None, (notice.text or notice.title, link)))


def _managers(tenant: Tenant) -> list[str]:
    owner = tenant.twin_of or tenant
    who = Q(membership__tenant=owner, membership__role__in=(Role.ADMIN, Role.MANAGER), is_active=True)
    return list(User.objects.filter(who).order_by("id").values_list("email", flat=True))


@contextmanager
def _only_one() -> Iterator[bool]:
    """Keep other mailers away; the lock is the session's, since no transaction may wait for a mail server."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s::bigint)", [_ONLY_ONE])
        (ours,) = cursor.fetchone() or (False,)
        try:
            yield ours
        finally:
            if ours:
                cursor.execute("SELECT pg_advisory_unlock(%s::bigint)", [_ONLY_ONE])
