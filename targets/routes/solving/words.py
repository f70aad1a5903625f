"""What an edit broke, in words for people."""

from targets.routes.planning.solution import Violation
from targets.routes.solving.clock import minutes


def violation_json(broken: Violation) -> dict[str, str]:
    """Return a broken rule as it is stored."""
    return {"code": broken.code, "message": _message(broken)}


def _message(broken: Violation) -> str:
    late, plural = max(1, minutes(broken.amount)), "" if broken.amount == 1 else "s"
    if broken.stop_id is not None and broken.stop_id < 0:
        return f"A visit published before would begin {late} min too late."
    messages = {
        "time_window_missed": f"Work would start or end {late} min outside the time window.",
        "shift_exceeded": f"The day would end {late} min after the working hours.",
        "break_missing": f"There is no room for the break of {late} min.",
        "driving_exceeded": f"The driving would exceed the limit of the day by {late} min.",
        "too_many_stops": f"The route has {broken.amount} more stop{plural} than allowed.",
        "missing_skill": "The employee lacks a skill that the stop needs.",
        "pinned_to_another": "The stop belongs to another employee.",
        "unreachable": "No way is known to or from this place.",
    }
    return messages.get(broken.code, "A rule of the route is broken.")
