"""What each role may do with people and their visits; appointments are made by publishing routes only."""

from ordinavo.tenants.models import Role

_VIEW = [f"visits.view_{noun}" for noun in ("employee", "workinghours", "absence", "appointment")]
_STAFF = [
    *_VIEW,
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
    Role.DISPATCHER: _VIEW,
    Role.SUPPORT: _VIEW,
    Role.EMPLOYEE: [],
}
