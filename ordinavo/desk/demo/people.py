"""The people of the demonstration, each with a browser: a manager in the admin, an employee in MyDay."""

import time
from collections.abc import Sequence
from datetime import UTC, date, datetime

from ordinavo.desk.demo.photos import photos
from ordinavo.desk.demo.visitor import Page, Refused, Visitor

_PLANNING_PATIENCE = 30.0
_ADD_ROUTES = "/admin/routes/routesuggestion/add/"


class Manager:
    """Plans, publishes and approves."""

    def __init__(self, url: str, email: str, password: str) -> None:
        self.browser = Visitor(url)
        page = self.browser.get("/admin/login/?next=/admin/")
        sent = self.browser.send(page.form(to="/login/"), {"username": email, "password": password})
        if "/login" in sent.path:
            raise Refused(f"{email} could not log in: has somebody changed the demo's password?")

    def suggest(
        self, targets: Sequence[int], *, day: date, people: Sequence[str] = (), not_before: str = ""
    ) -> str:
        """Have routes suggested for these targets, for everybody or these people; return the page's path."""
        named = ",".join(map(str, targets))
        form = self.browser.get(f"{_ADD_ROUTES}?targets={named}").form(to="/add/")
        values: dict[str, str | list[str]] = {"route_date": day.isoformat(), "start_time": not_before}
        if people:
            values["people"] = [pk for name, pk in form.choices.items() if name in people]
        page = self.browser.send(form, values)
        if page.path.endswith("/add/"):
            raise Refused("The routes could not be asked for.")
        return page.path

    def wait_for_draft(self, suggestion: str) -> Page:
        """Return the page of a suggestion once it can be published."""
        deadline = time.monotonic() + _PLANNING_PATIENCE
        while not (page := self.browser.get(suggestion)).link(r"[^\"]*publish[^\"]*"):
            if time.monotonic() > deadline:
                raise Refused(f"{suggestion} holds no route to publish. Is the day full by now?")
            time.sleep(0.3)
        return page

    def publish(self, draft: Page) -> None:
        """Publish all routes of a draft."""
        page = self.browser.get(draft.link(r"[^\"]*publish[^\"]*"))
        self.browser.send(page.form(to=page.path), {})

    def approve(self, report_id: int) -> None:
        """Approve a report, with a note for the house."""
        path = f"/admin/visits/visitreport/{report_id}/approve/"
        form = self.browser.get(path).form(to=path)
        sent = self.browser.send(form, {"internal_notes": "Seen in the demonstration."})
        if sent.path == path:
            raise Refused("The report could not be approved.")


class Employee:
    """Does the work with a phone."""

    def __init__(self, url: str, email: str, password: str) -> None:
        self.browser = Visitor(url)
        page = self.browser.get("/myday/login/")
        sent = self.browser.send(page.form(to="/login/"), {"email": email, "password": password})
        if sent.path.endswith("/login/"):
            raise Refused(f"{email} could not log in to MyDay: has somebody changed the demo's password?")

    def day(self) -> Page:
        """Look at today."""
        return self.browser.get("/myday/")

    def start(self, stop: str) -> None:
        """Begin the work at a stop."""
        self.browser.send(self.browser.get(stop).form(to="/start/"), {"at": _now()})

    def report(self, stop: str, *, summary: str, minutes: int, **said: str) -> None:
        """Complete the work and hand the report in, with two photos; `said` is what else its form holds."""
        values: dict[str, str | list[str]] = {
            "result": "Successful",
            "summary": summary,
            "used_minutes": str(minutes),
            "is_billable": "on",
            "at": _now(),
            "send": "yes",
            **said,
        }
        self.browser.send(self.browser.get(stop).form(to="/report/"), values, photos())

    def problem(self, stop: str, *, problem: str, text: str) -> None:
        """Say why the work cannot be done."""
        values: dict[str, str | list[str]] = {"problem": problem, "text": text, "at": _now()}
        self.browser.send(self.browser.get(stop).form(to="/problem/"), values, [])


def _now() -> str:
    return datetime.now(UTC).isoformat()
