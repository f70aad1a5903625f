"""What each role may do with people, their visits and reports, and with what is billed.

Appointments are made by publishing routes only, reports by employees, billing events by approving reports.
"""

from ordinavo.tenants.models import Role

_VIEW = [
    f"visits.view_{noun}"
    for noun in ("employee", "workinghours", "absence", "appointment", "device", "visitreport")
]
_DECIDE = ["visits.change_visitreport", "visits.view_billingevent", "visits.change_billingevent"]
# A visit is given to somebody else, and a lost phone is signed out, by whoever is at the desk.
_DESK = [*_VIEW, "visits.change_appointment", "visits.change_device"]
_STAFF = [
    *_DESK,
    *_DECIDE,
    "visits.add_employee",
    "visits.change_employee",
    *(
        f"visits.{verb}_{noun}"
        for verb in ("add", "change", "delete")
        for noun in ("workinghours", "absence")
    ),
]

ROLE_PERMISSIONS: dict[str, list[str]] = {
    Role.ADMIN: _STAFF,
    Role.MANAGER: _STAFF,
    Role.DISPATCHER: _DESK,
    Role.SUPPORT: [*_VIEW, "visits.view_billingevent"],
    Role.EMPLOYEE: [],
}
