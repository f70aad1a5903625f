"""Managers, employees, beats and deliveries at the same moment: one decides, nothing happens twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from ordinavo.kernel.errors import Conflict
from ordinavo.tenants.models import AuditEntry
from targets.models import Target
from targets.visits.models import BillingEvent, VisitReport
from targets.visits.services.approving import approve_report, reject_report
from targets.visits.services.billing import make_complete_ready
from targets.visits.services.settling import follow_settled, mark_sent, settle_overlooked
from tests import factories
from tests.visits.deciding import approved, customer, fresh, handed_in, listener
from tests.webhooks.telling import types
from webhooks.models import Delivery

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def report(transactional_db: None) -> VisitReport:
    client = factories.client(factories.tenant())
    listener(
        client, "visit_report.approved", "visit_report.rejected", "target.follow_up_created", "billing.*"
    )
    of = {"customer": customer(client.tenant)}
    return handed_in(client.tenant, of=of, follow_up_required=True)


def together(*calls: Callable[[], Any]) -> list[Any]:
    """Make the calls at the same moment, each on a connection of its own; refusals are returned."""
    start = Barrier(len(calls), timeout=30)

    def run(call: Callable[[], Any]) -> Any:
        try:
            start.wait()
            return call()
        except Conflict as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_of_managers_who_decide_at_once_one_does(report: VisitReport) -> None:
    whose: dict[str, Any] = {"tenant": report.tenant, "report_id": report.pk, "actor": None}
    approve = partial(approve_report, **whose, version=report.version)
    reject = partial(reject_report, **whose, version=report.version, reason="Why?")
    answers = together(approve, approve, reject, reject)
    assert sum(isinstance(one, Conflict) for one in answers) == 3
    done = fresh(report)
    is_approved = done.status == "Approved"
    assert done.version == report.version + 1
    assert BillingEvent.objects.count() == Target.objects.filter(external_id=None).count() == is_approved
    told = [
        "visit_report.approved",
        "target.follow_up_created",
        "billing.event_created",
        "billing.event_ready",
    ]
    assert types() == (told if is_approved else ["visit_report.rejected"])
    decided = ("visit_report.approved", "visit_report.rejected")
    assert AuditEntry.objects.filter(action__in=decided).count() == 1


def test_beats_that_overlap_make_each_bill_ready_once(report: VisitReport) -> None:
    Target.objects.update(customer=None)
    approved(report)
    others = [approved(handed_in(report.tenant)) for _ in range(5)]
    Target.objects.update(customer=customer(report.tenant))
    counts = together(*[make_complete_ready] * 4)
    assert sum(counts) == 1 + len(others)
    assert types().count("billing.event_ready") == 1 + len(others)
    assert not BillingEvent.objects.exclude(status="Ready").exists()


def test_whoever_settles_at_once_says_sent_once(report: VisitReport) -> None:
    bill = approved(report).billing_event
    Delivery.objects.filter(event=bill.ready_event).update(
        status="Delivered", due_at=None, finished_at=timezone.now()
    )
    assert bill.ready_event is not None
    follow = partial(follow_settled, [bill.ready_event])
    mark = partial(mark_sent, tenant=report.tenant, event_id=bill.pk, actor=None)
    together(follow, follow, settle_overlooked, mark)
    assert (BillingEvent.objects.get().status, fresh(report).billing_status) == ("Sent", "Sent")
    assert types().count("billing.event_sent") == 1
