"""Whether a report can be approved without being read: it went as planned, and nothing is asked for."""

from targets.visits.minutes import planned_minutes, worked_minutes
from targets.visits.models import VisitReport

# So far may the minutes be from the plan: a quarter of it, and ten minutes anyhow.
TOLERANCE_SHARE, TOLERANCE_MINUTES = 0.25, 10


def doubts_about(report: VisitReport) -> list[str]:
    """Return why somebody should read the report, in words; nothing for a clean one; reads its visit."""
    found = []
    if report.status != VisitReport.Status.SUBMITTED:
        found.append(f"It is {report.get_status_display().lower()}.")
    if report.result != VisitReport.Result.SUCCESSFUL:
        found.append(f"{report.get_result_display() or 'No result'}.")
    if report.problem or report.problems.strip():
        found.append(f"Problem: {report.get_problem_display() or 'described in words'}.")
    if report.follow_up_required:
        found.append("A follow-up is asked for.")
    return found + _about_minutes(report)


def tolerance_of(planned: int) -> int:
    """Return by how many minutes the work may be shorter or longer than planned."""
    return max(TOLERANCE_MINUTES, round(planned * TOLERANCE_SHARE))


def is_far(worked: int, planned: int) -> bool:
    """Whether the minutes are further from the plan than that."""
    return abs(worked - planned) > tolerance_of(planned)


def _about_minutes(report: VisitReport) -> list[str]:
    planned, worked = planned_minutes(report.appointment), worked_minutes(report)
    if worked is None:
        return ["Nobody knows how long it took."]
    if is_far(worked, planned):
        return [f"It took {worked} minutes, {planned} were planned."]
    return []
