"""At the same moment: two phones of one employee, an import, a manager. One is first, the others are told."""

import io
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction

from integrations.models import IntegrationClient
from ordinavo.kernel.errors import DomainError
from ordinavo.tenants.models import Tenant
from targets.models import Target
from targets.visits.models import Appointment, Attachment, Submission, VisitReport
from targets.visits.services.attaching import MOST_FILES, add_attachment
from targets.visits.services.locking import lock_employees, lock_target
from targets.visits.services.reassigning import reassign_appointment
from targets.visits.services.reporting import ReportValues
from tests.api import Api
from tests.imports.sending import result, send
from tests.imports.waiting import Waiting
from tests.visits import field
from tests.visits.pictures import picture
from tests.visits.rows import employee
from tests.webhooks import rows
from tests.webhooks.telling import types

pytestmark = pytest.mark.django_db(transaction=True)

CROWD = 8
Call = Callable[[], Any]


@pytest.fixture
def visit(tenant: Tenant, erp: IntegrationClient) -> Appointment:
    [one] = field.day_of(tenant)
    rows.subscription(erp, "target.*", "appointment.*", "visit_report.*")
    return one


def _all_at_once(calls: Sequence[Call]) -> Counter[str]:
    """What became of calls of the same moment: `done`, or the code of the refusal."""
    gate = Barrier(len(calls), timeout=30)

    def one(call: Call) -> str:
        try:
            gate.wait()
            call()
        except DomainError as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(calls)) as pool:
        return Counter(pool.map(one, calls))


@pytest.mark.parametrize("act", [field.start, field.draft, field.submit, field.problem])
def test_what_a_phone_sends_many_times_at_once_is_done_once(
    visit: Appointment, act: Callable[..., Any]
) -> None:
    if act in {field.draft, field.submit}:
        field.start(visit)
    before = len(types())
    assert _all_at_once([lambda: act(visit, key="same")] * CROWD) == {"done": CROWD}
    told = types()[before:]
    assert len(told) == len(set(told))
    assert Submission.objects.filter(key="same").count() == 1
    assert {one.version for one in VisitReport.objects.all()} <= {1}


def test_a_photo_that_is_sent_many_times_at_once_is_kept_once(visit: Appointment) -> None:
    field.start(visit)
    data = picture()
    send_photo = partial(
        add_attachment,
        employee=visit.employee,
        appointment_id=visit.pk,
        key="photo",
        name="IMG.jpg",
        size=len(data),
    )
    calls = [lambda: send_photo(content=io.BytesIO(data))] * CROWD
    before = _files()
    assert _all_at_once(calls) == {"done": CROWD}
    assert _files() - before == {Path(Attachment.objects.get().file.path)}


def _files() -> set[Path]:
    return {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}


def test_no_more_files_fit_at_once_than_one_after_the_other(visit: Appointment) -> None:
    report = field.submit(field.start(visit))
    Attachment.objects.bulk_create(
        Attachment(report=report, key=str(number), kind="image/png", name="x.png", file=f"x{number}", size=1)
        for number in range(MOST_FILES - 2)
    )
    data = picture()
    calls = [
        partial(
            add_attachment,
            employee=visit.employee,
            appointment_id=visit.pk,
            key=field.key(),
            name="IMG.jpg",
            content=io.BytesIO(data),
            size=len(data),
        )
        for _ in range(5)
    ]
    assert _all_at_once(calls) == {"done": 2, "too_many_files": 3}
    assert Attachment.objects.count() == MOST_FILES


def test_of_two_phones_that_start_at_once_one_is_first(visit: Appointment) -> None:
    outcome = _all_at_once([lambda: field.start(visit)] * 2)
    assert outcome == {"done": 1, "appointment_started": 1}
    assert types() == ["appointment.started"]
    assert Target.objects.get().revision == 3


def test_of_two_phones_that_write_at_once_neither_overwrites_the_other(visit: Appointment) -> None:
    field.start(visit)
    calls = [partial(field.draft, visit, values=ReportValues(summary=text)) for text in ("One", "Two")]
    assert _all_at_once(calls) == {"done": 1, "report_changed": 1}
    report = VisitReport.objects.get()
    assert report.summary in {"One", "Two"}
    assert (report.version, types()[1:]) == (1, ["visit_report.created"])


def test_a_report_and_a_problem_at_once_make_one_end(visit: Appointment) -> None:
    field.start(visit)
    outcome = _all_at_once([lambda: field.submit(visit), lambda: field.problem(visit)])
    assert outcome["done"] == 1
    ended = Appointment.objects.get().status
    assert ended in {"Completed", "ProblemReported"}
    assert VisitReport.objects.get().status == "Submitted"
    assert types().count("visit_report.submitted") == 1


def test_who_starts_while_an_import_cancels_is_told_that_it_is_cancelled(
    api: Api, visit: Appointment
) -> None:
    late = Waiting(lambda: _all_at_once([lambda: field.start(visit)]))
    with transaction.atomic():
        send(api, externalId=visit.target.external_id, operation="cancel")
        late.start()
    assert late.answer() == {"appointment_cancelled": 1}
    assert (Appointment.objects.get().status, Target.objects.get().status) == ("Cancelled", "Cancelled")


def test_an_import_that_cancels_while_work_begins_is_refused(api: Api, visit: Appointment) -> None:
    late = Waiting(lambda: send(api, externalId=visit.target.external_id, operation="cancel"))
    with transaction.atomic():
        field.start(visit)
        late.start()
    assert result(late.answer()) == "422 target_in_progress"
    assert (Appointment.objects.get().status, Target.objects.get().status) == ("Started", "InProgress")


def test_who_starts_while_a_manager_gives_the_visit_away_has_it_no_more(
    tenant: Tenant, visit: Appointment
) -> None:
    colleague = employee(tenant)
    late = Waiting(lambda: _all_at_once([lambda: field.start(visit)]))
    with transaction.atomic():
        reassign_appointment(tenant=tenant, appointment_id=visit.pk, employee=colleague, actor=None)
        late.start()
    assert late.answer() == {"not_found": 1}
    now = Appointment.objects.get()
    assert (now.status, now.employee_id) == ("Scheduled", colleague.pk)
    assert not Submission.objects.exists()


def test_a_visit_that_begins_is_not_given_away(tenant: Tenant, visit: Appointment) -> None:
    colleague = employee(tenant)
    away = lambda: reassign_appointment(  # noqa: E731
        tenant=tenant, appointment_id=visit.pk, employee=colleague, actor=None
    )
    late = Waiting(lambda: _all_at_once([away]))
    with transaction.atomic():
        field.start(visit)
        late.start()
    assert late.answer() == {"appointment_started": 1}
    assert Appointment.objects.get().employee_id == visit.employee_id


def test_managers_who_give_visits_back_and_forth_do_not_block_each_other(tenant: Tenant) -> None:
    one, two = employee(tenant), employee(tenant)
    mine, theirs = field.day_of(tenant, 4, who=one), field.day_of(tenant, 4, who=two)
    calls = [
        partial(reassign_appointment, tenant=tenant, appointment_id=visit.pk, employee=to, actor=None)
        for visits, to in ((mine, two), (theirs, one))
        for visit in visits
    ]
    assert _all_at_once(calls) == {"done": 8}
    for who in (one, two):
        numbers = Appointment.objects.filter(employee=who).order_by("planned_start", "id")
        assert list(numbers.values_list("sequence", flat=True)) == [1, 2, 3, 4]


def test_locks_are_taken_in_one_order_people_before_targets(tenant: Tenant, visit: Appointment) -> None:
    colleague = employee(tenant)
    late = Waiting(
        lambda: (
            reassign_appointment(
                tenant=tenant, appointment_id=visit.pk, employee=colleague, actor=None
            ).employee_id
        )
    )
    with transaction.atomic():
        lock_employees([visit.employee_id])
        late.start()
        # Whoever waits for people holds no target.
        lock_target(tenant, visit.target_id)
    assert late.answer() == colleague.pk
