"""What each role may do with routes: dispatchers plan and publish, support looks on."""

from ordinavo.tenants.models import Role

_VIEW = [f"routes.view_{noun}" for noun in ("routesuggestion", "route", "stop", "exclusion")]
# Asking for a suggestion; editing, publishing, taking back, discarding.
_PLAN = [*_VIEW, "routes.add_routesuggestion", "routes.change_routesuggestion"]

ROLE_PERMISSIONS: dict[str, list[str]] = {
    Role.ADMIN: _PLAN,
    Role.MANAGER: _PLAN,
    Role.DISPATCHER: _PLAN,
    Role.SUPPORT: _VIEW,
    Role.EMPLOYEE: [],
}
