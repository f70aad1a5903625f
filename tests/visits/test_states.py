"""The moves that there are, and a sentence for every other one. Nothing is stored here."""

from itertools import product

import pytest

from targets.models import Target
from targets.visits.models import Appointment, VisitReport
from targets.visits.states import (
    JOB_MOVES,
    REPORT_MOVES,
    VISIT_MOVES,
    MoveRefused,
    move_job,
    move_report,
    move_visit,
    require_extendable,
    require_reported,
    require_waiting,
    require_writable,
)

Visit, Job, Report = Appointment.Status, Target.Status, VisitReport.Status

_JOBS = {Visit.SCHEDULED: Job.SCHEDULED, Visit.STARTED: Job.IN_PROGRESS}


def visit(status: Appointment.Status) -> Appointment:
    """An appointment with the target that fits it, changed once since its publication."""
    target = Target(status=_JOBS.get(status, Job.OPEN), revision=5)
    return Appointment(status=status, target=target, target_revision=4)


@pytest.mark.parametrize(
    ("before", "after", "job"),
    [
        (Visit.SCHEDULED, Visit.STARTED, Job.IN_PROGRESS),
        (Visit.SCHEDULED, Visit.PROBLEM_REPORTED, Job.PROBLEM),
        (Visit.STARTED, Visit.COMPLETED, Job.COMPLETED),
        (Visit.STARTED, Visit.PROBLEM_REPORTED, Job.PROBLEM),
    ],
)
def test_a_visit_takes_its_target_along_and_stays_as_changed_as_it_was(
    before: Appointment.Status, after: Appointment.Status, job: Target.Status
) -> None:
    one = visit(before)
    move_visit(one, after)
    assert (one.status, one.target.status, one.target.revision, one.target_revision) == (after, job, 6, 5)


def test_a_cancelled_visit_leaves_its_target_to_whoever_cancelled_it() -> None:
    one = visit(Visit.SCHEDULED)
    move_visit(one, Visit.CANCELLED)
    assert (one.status, one.target.status, one.target.revision) == (Visit.CANCELLED, Job.SCHEDULED, 5)


@pytest.mark.parametrize(
    ("before", "after"),
    [pair for pair in product(Visit, Visit) if pair[1] not in VISIT_MOVES.get(pair[0], ())],
)
def test_all_other_moves_of_visits_are_refused_in_words(
    before: Appointment.Status, after: Appointment.Status
) -> None:
    one = visit(before)
    with pytest.raises(MoveRefused, match=r"^[A-Z].*\.$") as refused:
        move_visit(one, after)
    assert (one.status, one.target.revision) == (before, 5)
    assert refused.value.status == 409
    assert refused.value.code.startswith("appointment_")


@pytest.mark.parametrize(
    ("before", "after"), [pair for pair in product(Job, Job) if pair[1] not in JOB_MOVES.get(pair[0], ())]
)
def test_a_target_that_is_not_ready_does_not_move(before: Target.Status, after: Target.Status) -> None:
    target = Target(status=before, revision=5)
    with pytest.raises(MoveRefused, match="no longer what was planned"):
        move_job(target, after)
    assert (target.status, target.revision) == (before, 5)


def test_a_visit_does_not_start_while_its_target_is_not_scheduled() -> None:
    one = visit(Visit.SCHEDULED)
    one.target.status = Job.OPEN
    with pytest.raises(MoveRefused) as refused:
        move_visit(one, Visit.STARTED)
    assert (refused.value.code, one.status, one.target_revision) == ("target_not_ready", Visit.SCHEDULED, 4)


@pytest.mark.parametrize(("before", "after"), list(product(Report, Report)))
def test_reports_move_as_they_may_and_else_say_why_not(
    before: VisitReport.Status, after: VisitReport.Status
) -> None:
    report = VisitReport(status=before)
    if after in REPORT_MOVES.get(before, ()):
        move_report(report, after)
        assert report.status == after
        return
    with pytest.raises(MoveRefused, match=r"^The report .*\.$") as refused:
        move_report(report, after)
    assert (report.status, refused.value.code) == (before, f"report_{before.lower()}")


def test_a_report_is_written_from_the_start_of_the_work_on() -> None:
    for status in (Visit.STARTED, Visit.COMPLETED, Visit.PROBLEM_REPORTED):
        require_reported(visit(status))
    for status, sentence in ((Visit.SCHEDULED, "Start it first"), (Visit.CANCELLED, "was cancelled")):
        with pytest.raises(MoveRefused, match=sentence):
            require_reported(visit(status))


def test_what_was_handed_in_can_be_extended_but_not_written_in() -> None:
    for status in (Report.DRAFT, Report.REJECTED):
        require_writable(VisitReport(status=status))
        require_extendable(VisitReport(status=status))
    require_extendable(VisitReport(status=Report.SUBMITTED))
    with pytest.raises(MoveRefused, match="handed in already"):
        require_writable(VisitReport(status=Report.SUBMITTED))
    for require in (require_writable, require_extendable):
        with pytest.raises(MoveRefused, match="has been approved"):
            require(VisitReport(status=Report.APPROVED))


def test_only_visits_that_lie_ahead_are_given_to_others() -> None:
    require_waiting(visit(Visit.SCHEDULED))
    for status in set(Visit) - {Visit.SCHEDULED}:
        with pytest.raises(MoveRefused):
            require_waiting(visit(status))
