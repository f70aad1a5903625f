"""What each role may do with customers and what hangs on them."""

from ordinavo.tenants.models import Role

_RECORDS = ("customer", "location", "contact")
_VIEW = [
    f"customers.view_{model}"
    for model in (*_RECORDS, "externalreference", "timelineentry", "alias", "cityalias")
]
_WORK = [
    *_VIEW,
    *(f"customers.{verb}_{model}" for verb in ("add", "change") for model in _RECORDS),
    "customers.delete_externalreference",
    "customers.delete_alias",
    *(f"customers.{verb}_cityalias" for verb in ("add", "change", "delete")),
]

ROLE_PERMISSIONS: dict[str, list[str]] = {
    Role.ADMIN: _WORK,
    Role.MANAGER: _WORK,
    Role.DISPATCHER: _VIEW,
    Role.SUPPORT: _VIEW,
    Role.EMPLOYEE: [],
}
