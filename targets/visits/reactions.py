"""How visits follow what imports do to planned targets, in the import's own transaction."""

from collections.abc import Collection

from django.urls import reverse

from ordinavo.tenants.models import ManagerNotice
from ordinavo.tenants.services.notices import notify_managers
from targets.visits.models import Appointment
from targets.visits.services.appointments import cancel_with_targets
from targets.visits.services.noting import forget_appointments

CHANGED = "appointment.target_changed"


def follow_cancelled(target_ids: Collection[int]) -> None:
    """Cancel the visits of cancelled targets."""
    cancel_with_targets(target_ids)


def follow_reopened(target_ids: Collection[int]) -> None:
    """Let targets that are open again show no visit; that with the problem is told of by its report."""
    forget_appointments(target_ids)


def follow_replanned(target_ids: Collection[int]) -> None:
    """Let managers know that published visits no longer fit what was sent; the visits stay as they are.

    Which ones these are is seen by their revision. One open notice is enough for all.
    """
    first = (
        Appointment.objects.filter(target__in=target_ids, status=Appointment.Status.SCHEDULED)
        .select_related("tenant")
        .first()
    )
    if (
        first is None
        or ManagerNotice.objects.filter(tenant=first.tenant, kind=CHANGED, done_at=None).exists()
    ):
        return
    notify_managers(
        tenant=first.tenant,
        kind=CHANGED,
        title="Imports changed targets that are planned already",
        text="Their appointments stay as they are. Take them back and plan them again where that is needed.",
        link=reverse("admin:visits_appointment_changelist") + "?changed=yes",
    )
