"""Whatever is tried in whatever order: what is stored fits together, and each success is told once."""

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from integrations.models import IntegrationClient
from ordinavo.kernel.errors import DomainError
from ordinavo.tenants.models import Tenant
from targets.models import Target
from targets.visits.models import Appointment, Employee, VisitReport
from targets.visits.services.appointments import unschedule_appointments
from targets.visits.services.approving import approve_report, reject_report
from targets.visits.services.reassigning import reassign_appointment
from tests.api import Api
from tests.imports.sending import send
from tests.visits import field
from tests.visits.rows import employee
from tests.webhooks import rows
from tests.webhooks.telling import types

pytestmark = pytest.mark.django_db

# What a target says while its newest visit says this; a cancelled one says nothing of it.
_FITTING = {
    "Scheduled": {"Scheduled"},
    "Started": {"InProgress"},
    "Completed": {"Completed"},
    "ProblemReported": {"Problem", "Open", "Cancelled"},
    "Cancelled": {"Open", "Cancelled"},
}
_STEPS = 30


class Walk:
    """One target, two people, and somebody who tries anything; counts what was done."""

    def __init__(self, tenant: Tenant, api: Api, seed: int) -> None:
        self.tenant, self.api, self.chance = tenant, api, random.Random(seed)
        self.people: list[Employee] = [employee(tenant), employee(tenant)]
        [self.visit] = field.day_of(tenant, who=self.people[0])
        self.done: Counter[str] = Counter()
        self.acts: dict[str, Callable[[], Any]] = {
            "start": lambda: field.start(self.visit),
            "complete": lambda: field.complete(self.visit),
            "problem": lambda: field.problem(self.visit),
            "draft": lambda: field.draft(self.visit, version=self._version()),
            "submit": lambda: field.submit(self.visit, version=self._version()),
            "approve": lambda: approve_report(tenant=tenant, report_id=self._report(), actor=None),
            "reject": lambda: reject_report(
                tenant=tenant, report_id=self._report(), actor=None, reason="Again"
            ),
            "reassign": self._reassign,
            "cancel": lambda: self._import(operation="cancel"),
            "replan": lambda: self._import(planning={"estimatedWorkMinutes": self.chance.randrange(10, 200)}),
            "unpublish": lambda: unschedule_appointments(
                tenant=tenant, appointment_ids=[self.visit.pk], actor=None
            ),
            "publish": self._publish,
        }

    def step(self) -> None:
        """Try something."""
        name = self.chance.choice(list(self.acts))
        try:
            self.acts[name]()
        except DomainError as refusal:
            assert refusal.message.endswith(".")  # noqa: PT017
        else:
            self.done[name] += 1
        self.visit = Appointment.objects.select_related("employee__tenant", "target").latest("id")

    def _version(self) -> int:
        report = VisitReport.objects.filter(appointment=self.visit).first()
        return report.version if report else 0

    def _report(self) -> int:
        return VisitReport.objects.order_by("-id").values_list("id", flat=True).first() or 0

    def _reassign(self) -> None:
        [to] = [one for one in self.people if one != self.visit.employee]
        reassign_appointment(tenant=self.tenant, appointment_id=self.visit.pk, employee=to, actor=None)

    def _import(self, **members: Any) -> None:
        send(self.api, externalId=self.visit.target.external_id, **members)

    def _publish(self) -> None:
        target = Target.objects.select_related("source_system").get(pk=self.visit.target_id)
        field.scheduled([target], self.chance.choice(self.people))


@pytest.mark.parametrize("seed", range(5))
def test_a_walk_through_all_states_leaves_no_contradiction(
    tenant: Tenant, api: Api, erp: IntegrationClient, seed: int
) -> None:
    walk = Walk(tenant, api, seed)
    rows.subscription(erp, "target.*", "appointment.*", "visit_report.*")
    for _ in range(_STEPS):
        walk.step()
        _require_fitting(walk.visit, Target.objects.get())
    told = Counter(types())
    assert told["appointment.started"] == walk.done["start"]
    assert told["appointment.problem_reported"] == walk.done["problem"]
    assert told["appointment.completed"] == told["target.completed"]
    assert told["visit_report.submitted"] == walk.done["submit"] + walk.done["problem"]
    assert told["visit_report.created"] == VisitReport.objects.count()
    assert told["appointment.scheduled"] == walk.done["publish"]
    ended = Appointment.objects.filter(status="Completed").count()
    assert told["target.completed"] == ended


def _require_fitting(visit: Appointment, target: Target) -> None:
    assert target.status in _FITTING[visit.status]
    shown = target.appointment_id, target.appointment_status
    nothing, this = (None, ""), (visit.pk, visit.status)
    if visit.status == "Cancelled" or target.status == "Open":
        assert shown == nothing
    elif target.status == "Cancelled":
        # After a problem; whether the target was open in between cannot be told from here.
        assert shown in {nothing, this}
    else:
        assert shown == this
    assert Appointment.objects.filter(status__in=("Scheduled", "Started")).count() <= 1
    for report in VisitReport.objects.select_related("appointment"):
        assert report.appointment.status in {"Started", "Completed", "ProblemReported"}
        assert (report.status == "Draft") or report.appointment.status != "Started"
