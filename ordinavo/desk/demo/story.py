"""The demonstration: one target from the outside system's request to the bill it can write."""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ordinavo.desk.demo.day import EMPLOYEE, ZONE, fill_the_day, from_now
from ordinavo.desk.demo.outside import Outside
from ordinavo.desk.demo.people import Employee, Manager
from ordinavo.desk.demo.visitor import Refused

TITLE = "Maintenance visit"
# Seconds to read a line, and to breathe between two texts.
_A_LINE, _A_BREATH = 0.08, 1.2
_TOLD = ("target.*", "route.published", "appointment.*", "visit_report.*", "billing.*")


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the product runs, the demo's logins and key, how fast to go, and where to print."""

    url: str
    logins: Mapping[str, tuple[str, str]]
    api_key: str
    say: Callable[[str], None]
    pace: float = 1.0

    def tell(self, text: str) -> None:
        """Print a text and leave time to read it."""
        self.say(text)
        time.sleep(self.pace * (_A_BREATH + _A_LINE * text.count("\n")))

    def headline(self, number: int, text: str) -> None:
        """Print what comes next."""
        self.tell(f"\n── {number}. {text} " + "─" * max(3, 90 - len(text)))


def play(stage: Stage) -> int:
    """Play the whole story and return the target's id; `Refused` where something is not as it should be."""
    outside = Outside(stage.url, stage.api_key, stage.tell)
    number = f"JOB-{datetime.now(ZONE):%Y}-{secrets.randbelow(10**6):06}"
    day = datetime.now(ZONE).date()
    stage.headline(1, "The outside system asks to be told")
    with outside.told_of(*_TOLD):
        target_id = _asked_for(stage, outside, number)
        manager = Manager(stage.url, *stage.logins["manager"])
        appointment_id = _planned(stage, outside, manager, target_id, day)
        employee = Employee(stage.url, *stage.logins["employee"])
        report_id = _worked(stage, outside, employee, appointment_id)
        _approved(stage, outside, manager, report_id)
    try:
        fill_the_day(outside, manager, employee, number=number, day=day)
    except Refused as refusal:
        stage.tell(f"(Nothing more was planned for the board. {refusal})")
    _left(stage, target_id, report_id)
    return target_id


def _asked_for(stage: Stage, outside: Outside, number: str) -> int:
    stage.headline(2, "It sends a target with its customer")
    sent = outside.ask("POST", "/inbound/targets", _target(number))
    stage.headline(3, "It polls the import job")
    job = outside.ask("GET", f"/import-jobs/{sent['importJobId']}")
    if job["status"] != "Completed":
        raise Refused(f"The import job is {job['status']}.")
    outside.hear("target.imported")
    return int(sent["items"][0]["targetId"])


def _planned(stage: Stage, outside: Outside, manager: Manager, target_id: int, day: date) -> int:
    stage.headline(4, "A manager has a route suggested, looks at it and publishes it")
    email, _ = stage.logins["employee"]
    suggestion = manager.suggest([target_id], day=day, people=[EMPLOYEE], not_before=from_now())
    stage.tell(f"The manager's page: {stage.url}{suggestion}")
    manager.publish(manager.wait_for_draft(suggestion))
    stage.tell(f"Published: it is on the phone of {email} now.")
    return int(outside.hear("appointment.scheduled")["appointment"]["id"])


def _worked(stage: Stage, outside: Outside, employee: Employee, appointment_id: int) -> int:
    stage.headline(5, "The employee does the work, and reports it with two photos")
    stop = f"/myday/stops/{appointment_id}/"
    if stop not in employee.day().text:
        raise Refused(f"The stop is not on {employee.day().path}.")
    stage.tell(f"The employee's page: {stage.url}{stop}")
    employee.start(stop)
    outside.hear("appointment.started")
    employee.report(stop, summary="Refrigeration unit checked, filter replaced, +4 C reached.", minutes=50)
    return int(outside.hear("visit_report.submitted")["visitReport"]["id"])


def _approved(stage: Stage, outside: Outside, manager: Manager, report_id: int) -> None:
    stage.headline(6, "The manager approves")
    stage.tell(f"The manager's page: {stage.url}/admin/visits/visitreport/{report_id}/change/")
    manager.approve(report_id)
    stage.headline(7, "The outside system hears of it, signed, with its own ids")
    for event_type in ("visit_report.approved", "billing.event_created", "billing.event_ready"):
        outside.hear(event_type)
    stage.tell("It can bill now.")


def _left(stage: Stage, target_id: int, report_id: int) -> None:
    stage.headline(8, "Look at it")
    pages = (
        ("its story", f"/admin/story/{target_id}/"),
        ("today's board", "/admin/board/"),
        ("the report", f"/admin/visits/visitreport/{report_id}/change/"),
        ("the billing event", "/admin/visits/billingevent/"),
        ("what was delivered", "/admin/webhooks/delivery/"),
        ("the employee's day", "/myday/"),
    )
    lines = [f"  {what:<22}{stage.url}{path}" for what, path in pages]
    people = [f"  {role:<22}{email}  {password}" for role, (email, password) in stage.logins.items()]
    stage.tell("\n".join([*lines, "", *people]))


def _target(number: str) -> dict[str, Any]:
    return {
        "externalId": number,
        "externalType": "DeliveryOrder",
        "title": TITLE,
        "description": "Check refrigeration unit and document status.",
        "customer": {
            "externalId": "CUST-10042",
            "customerNumber": "RRM-001",
            "name": "Rhein-Ruhr Medical Supply",
            "type": "Business",
        },
        "location": {
            "externalId": "LOC-ESSEN-01",
            "name": "Essen Center",
            "street": "Hachestrasse 12",
            "postalCode": "45127",
            "city": "Essen",
            "country": "DE",
            "latitude": 51.451,
            "longitude": 7.012,
        },
        "contact": {"externalId": "CONT-44", "displayName": "Anna Weber", "phone": "+49 201 123456"},
        "planning": {"priority": "High", "estimatedWorkMinutes": 45},
    }
