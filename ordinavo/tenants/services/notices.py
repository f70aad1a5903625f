"""What a tenant's managers must know: written down, and mailed to them."""

from django.db import transaction
from django.utils import timezone

from ordinavo.tenants import tasks
from ordinavo.tenants.models import ManagerNotice, Tenant, User
from ordinavo.tenants.services.audit import record_audit


def notify_managers(
    *, tenant: Tenant, kind: str, title: str, text: str = "", link: str = ""
) -> ManagerNotice:
    """Write a notice in the transaction of what it tells of; it is mailed after the commit.

    `kind` is `noun.past_verb`, `link` a path in the admin. What happens in a test twin is told to the
    managers of its tenant.
    """
    notice = ManagerNotice.objects.create(tenant=tenant, kind=kind, title=title[:200], text=text, link=link)
    transaction.on_commit(tasks.ring, robust=True)
    return notice


@transaction.atomic
def close_notice(*, notice: ManagerNotice, actor: User | None = None) -> bool:
    """Write down that what a notice asks for is done, and by whom; False if somebody was faster."""
    still_open = ManagerNotice.objects.filter(pk=notice.pk, done_at=None)
    if not still_open.update(done_at=timezone.now(), done_by=actor):
        return False
    record_audit(
        tenant=notice.tenant,
        actor=actor,
        action="notice.done",
        subject=notice,
        details={"title": notice.title},
    )
    return True
