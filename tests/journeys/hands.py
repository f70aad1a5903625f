"""People who do their work by forms alone, without a browser, where a journey is about something else."""

from datetime import date
from typing import Any

from ordinavo.desk.demo.people import Employee, Manager
from ordinavo.desk.demo.visitor import Page
from targets.visits.models import VisitReport
from tests.journeys.company import PASSWORD, Company


class Hands:
    """A company's manager and its employee."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.manager = Manager(company.url, company.manager_email, PASSWORD)
        self.employee = Employee(company.url, company.employee_email, PASSWORD)

    def visit(self, target_id: int, **said: str) -> VisitReport:
        """Plan a target for today, do the work, and hand the report in; `said` is what it says besides."""
        suggestion = self.manager.suggest([target_id], day=date.fromisoformat(self.company.today))
        self.manager.publish(self.manager.wait_for_draft(suggestion))
        visit = self.company.get(f"/targets/{target_id}").body["appointment"]
        stop = f"/myday/stops/{visit['id']}/"
        self.employee.start(stop)
        self.employee.report(stop, summary="Done.", minutes=50, **said)
        return VisitReport.objects.get(appointment=visit["id"])

    def press(self, path: str, *, to: str, **values: Any) -> Page:
        """Open a page of the admin, fill in the form that leads there, and return where it led."""
        browser = self.manager.browser
        return browser.send(browser.get(path).form(to=to), values)

    def approve(self, report: VisitReport) -> VisitReport:
        """Approve a report, and return it as it is stored then."""
        self.manager.approve(report.pk)
        report.refresh_from_db()
        return report
