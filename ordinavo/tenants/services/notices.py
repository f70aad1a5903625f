"""What a tenant's managers must know: written down, and mailed to them."""

from django.db import transaction

from ordinavo.tenants import tasks
from ordinavo.tenants.models import ManagerNotice, Tenant


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
