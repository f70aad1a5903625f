"""The rest of the demonstration's day: visits of other people, so that the board has something to show."""

import time
from contextlib import suppress
from datetime import date

from ordinavo.desk.demo.outside import Outside
from ordinavo.desk.demo.people import Employee, Manager
from ordinavo.desk.demo.visitor import Refused

# The one with a login.
EMPLOYEE = "Emil Ehlers"
_FOR_EMIL = 3
_VISITS = (
    ("Boiler check", "ERP-CUST-10023", "ERP-LOC-10023-1"),
    ("Cold store check", "ERP-CUST-10017", "ERP-LOC-10017-1"),
    ("Replace filter unit", "ERP-CUST-10058", "ERP-LOC-10058-1"),
    ("Delivery stop", "ERP-CUST-10017", "ERP-LOC-10017-1"),
    ("Pump inspection", "ERP-CUST-10023", "ERP-LOC-10023-2"),
    ("Fire door inspection", "ERP-CUST-10046", "ERP-LOC-10046-1"),
    ("Oil separator check", "ERP-CUST-10046", "ERP-LOC-10046-1"),
    ("Ventilation check", "ERP-CUST-10058", "ERP-LOC-10058-1"),
    ("Meter reading", "ERP-CUST-10023", "ERP-LOC-10023-1"),
)


def fill_the_day(outside: Outside, manager: Manager, employee: Employee, *, number: str, day: date) -> None:
    """Plan more visits; the employee begins one of theirs, and cannot do another one."""
    targets = _sent(outside, number)
    own, others = targets[:_FOR_EMIL], targets[_FOR_EMIL:]
    _publish(manager, own, day, people=[EMPLOYEE])
    # On some days nobody else works.
    with suppress(Refused):
        _publish(manager, others, day)
    first, second = (_stop(outside, target_id) for target_id in own[:2])
    employee.start(first)
    employee.problem(second, problem="no_access", text="The gate is locked and nobody answers the phone.")


def _sent(outside: Outside, number: str) -> list[int]:
    items = [
        {
            "externalId": f"{number}-{place}",
            "title": title,
            "templateKey": "delivery_stop",
            "customer": {"externalId": customer},
            "location": {"externalId": location},
        }
        for place, (title, customer, location) in enumerate(_VISITS, start=1)
    ]
    job_id = outside.ask("POST", "/inbound/targets/batch", {"items": items}, quietly=True)["importJobId"]
    while not outside.ask("GET", f"/import-jobs/{job_id}", quietly=True)["finishedAt"]:
        time.sleep(0.3)
    listed = outside.ask("GET", f"/import-jobs/{job_id}/items", quietly=True)["results"]
    return [item["targetId"] for item in listed]


def _publish(manager: Manager, targets: list[int], day: date, people: list[str] | None = None) -> None:
    suggestion = manager.suggest(targets, day=day, people=people or ())
    manager.publish(manager.wait_for_draft(suggestion))


def _stop(outside: Outside, target_id: int) -> str:
    """Return the path of a target's stop in MyDay."""
    appointment = outside.ask("GET", f"/targets/{target_id}", quietly=True)["appointment"]
    if appointment is None:
        raise Refused("There was no more room in the employee's day.")
    return f"/myday/stops/{appointment['id']}/"
