"""The rest of the demonstration's day: visits of other people, so that the board has something to show."""

import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from zoneinfo import ZoneInfo

from ordinavo.desk.demo.outside import Outside
from ordinavo.desk.demo.people import Employee, Manager
from ordinavo.desk.demo.visitor import Refused

# The demo tenant's own.
ZONE = ZoneInfo("Europe/Berlin")
# The one with a login, and those without.
EMPLOYEE = "Emil Ehlers"
OTHERS = ("Bahar Bulut", "Jonas Jansen", "Lena Lorenz", "Piotr Pawlak")
_DAY_BEGINS, _DAY_IS_OLD = 7, 12
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
        _publish(manager, others, day, people=OTHERS)
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


def from_now() -> str:
    """Return the time from which visits are planned: now, unless too little is left of the day."""
    now = datetime.now(ZONE)
    return f"{now:%H:%M}" if _DAY_BEGINS <= now.hour < _DAY_IS_OLD else ""


def _publish(manager: Manager, targets: list[int], day: date, people: Sequence[str]) -> None:
    suggestion = manager.suggest(targets, day=day, people=people, not_before=from_now())
    manager.publish(manager.wait_for_draft(suggestion))


def _stop(outside: Outside, target_id: int) -> str:
    """Return the path of a target's stop in MyDay."""
    appointment = outside.ask("GET", f"/targets/{target_id}", quietly=True)["appointment"]
    if appointment is None:
        raise Refused("There was no more room in the employee's day.")
    return f"/myday/stops/{appointment['id']}/"
