"""Follow-ups: the target of another visit that a report asked for."""

from django.db import transaction

from customers.services.timeline import Happening, record_timeline
from ordinavo.kernel import rounds
from ordinavo.kernel.sets import update_instances
from ordinavo.tenants.models import User
from ordinavo.tenants.services.audit import record_audit
from targets.models import Target
from targets.visits.follow_up_events import tell_follow_up
from targets.visits.models import VisitReport

_TITLE = Target._meta.get_field("title").max_length or 0
_PREFIX = "Follow-up: "
A_STEP = 1_000
_LINKS = ("customer", "location", "contact")
# What stays true of the next visit. Revenue and its odds belong to the first one; windows and a fixed time
# were agreed for that day.
_KEPT = (
    "tenant_id",
    "source_system_id",
    "external_type",
    "template_id",
    "template_key",
    "customer_id",
    "location_id",
    "contact_id",
    "mapping",
    "customer_text",
    "street",
    "postal_code",
    "city",
    "country",
    "latitude",
    "longitude",
    "priority",
    "estimated_work_minutes",
    "customer_tier",
    "custom_fields",
)


@transaction.atomic
def create_follow_up(*, report: VisitReport, actor: User | None) -> Target:
    """Make the target of the visit that a report asks for, link both, and tell `target.follow_up_created`.

    The caller has locked the report with its target. The new one is `Open`, without an external id, due and
    to be planned on the day that was asked for, if any.
    """
    followed = report.appointment.target
    target = Target.objects.create(
        **{name: getattr(followed, name) for name in _KEPT},
        title=title_of(followed),
        description="\n\n".join(filter(None, (report.follow_up_note, followed.description))),
        due_date=report.follow_up_date,
        route_date=report.follow_up_date,
        follow_up_of=followed,
    )
    # In memory already, so that telling of it need not read them.
    target.tenant, target.source_system = followed.tenant, followed.source_system
    report.follow_up_target = target
    report.save(update_fields=["follow_up_target", "updated_at"])
    _note(report, followed, target, actor)
    tell_follow_up(target)
    return target


@transaction.atomic
def follow_mappings(*, size: int = A_STEP) -> int:
    """Look at the next follow-ups of a round that have no customer; return how many have one now.

    They get the one that was mapped later to what they follow. The beat's work. What somebody else holds is
    left for the next round; doing it twice changes nothing.
    """
    # Imports cannot reach them, so nobody else would.
    unmapped = Target.objects.filter(follow_up_of__isnull=False, customer=None)
    looked_at = rounds.step("follow_ups.unmapped", unmapped, size=size)
    wanted = unmapped.filter(id__among=looked_at, follow_up_of__customer__isnull=False)
    held = Target.objects.select_for_update(of=("self",), skip_locked=True)
    rows = held.filter(id__in=[*wanted.values_list("id", flat=True)], customer=None)
    targets = list(rows.select_related("follow_up_of").order_by("id"))
    for target in targets:
        _inherit(target)
    if targets:
        update_instances(targets, {*_LINKS, "mapping", "revision"})
    for target in targets:
        line = Happening(target, "target.updated", {"customerId": target.customer_id})
        record_timeline([line], tenant_id=target.tenant_id)
    return len(targets)


def _inherit(target: Target) -> None:
    followed = target.follow_up_of
    if followed is None:
        return
    for column in (f"{name}_id" for name in _LINKS):
        if getattr(target, column) is None:
            setattr(target, column, getattr(followed, column))
    target.mapping = followed.mapping
    target.revision += 1


def title_of(followed: Target) -> str:
    """Return the title of a follow-up; that of a follow-up of a follow-up says so once."""
    return f"{_PREFIX}{followed.title.removeprefix(_PREFIX)}"[:_TITLE]


def _note(report: VisitReport, followed: Target, target: Target, actor: User | None) -> None:
    lines = [
        Happening(followed, "target.follow_up_created", {"followUpTargetId": target.pk}),
        Happening(target, "target.created", {"followUpOfTargetId": followed.pk, "visitReportId": report.pk}),
    ]
    record_timeline(lines, tenant_id=target.tenant_id, actor=actor)
    record_audit(
        tenant=target.tenant,
        actor=actor,
        action="target.follow_up_created",
        subject=target,
        details={"followUpOfTargetId": followed.pk, "visitReportId": report.pk},
    )
