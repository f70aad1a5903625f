"""How far an employee has come into MyDay, and what they have to do there today: in words."""

from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString

from ordinavo.kernel.admin import show
from targets.visits.models import Employee
from targets.visits.selectors.devices import is_of_login, is_open, last_invitation

ACCESS = {"Logged in": "good", "Invited": "warn", "Has a login": "info", "Login is off": "bad"}


def access_of(row: Any) -> str:
    """Return how far an employee, read `with_access`, has come into MyDay."""
    if row.invited_until:
        return "Invited"
    if row.user is None:
        return "No login"
    if not row.user.is_active:
        return "Login is off"
    if row.seen_hash and is_of_login(row.seen_hash, row.user):
        return "Logged in"
    return "Has a login" if row.user.has_usable_password() else "Invitation is over"


def access_facts(row: Any) -> SafeString:
    """Return login, invitation, devices and today's visits of an employee, read with all of these."""
    state = access_of(row)
    return show.facts(
        (
            ("State", show.mark(state, ACCESS.get(state, ""))),
            ("Logs in with", _login_of(row)),
            ("Invitation", _invitation_of(row)),
            ("Last seen", show.when(row.seen_at) if row.seen_at else ""),
            ("Today", stops_link(row) if row.stops else "No visits"),
        )
    )


def stops_link(row: Any) -> SafeString:
    """Return how many visits there are today and how many have ended, as a link to them."""
    stops = "1 visit" if row.stops == 1 else f"{row.stops} visits"
    text = f"{stops}, {row.ended or 0} ended"
    query = {"employee__id__exact": row.pk, "day": timezone.localdate().isoformat()}
    return show.link("admin:visits_appointment_changelist", text, **query)


def _login_of(row: Employee) -> str:
    if row.user is None:
        return ""
    return f"{row.user.email} and the password of the office's pages" if row.user.is_staff else row.user.email


def _invitation_of(row: Employee) -> str:
    last = last_invitation(row)
    if last is None:
        return ""
    made = f"made on {show.when(last.created_at)} by {last.created_by or 'the system'}"
    if is_open(last):
        return f"{made}, works until {show.when(last.expires_at)}"
    if last.used_at:
        return f"{made}, used on {show.when(last.used_at)}"
    ended = last.withdrawn_at or last.expires_at
    return f"{made}, {'withdrawn' if last.withdrawn_at else 'not used'}; over since {show.when(ended)}"
