"""What each role may do with targets and their templates."""

from ordinavo.tenants.models import Role

_VIEW = ["targets.view_target", "targets.view_targettemplate"]
_WORK = [*_VIEW, "targets.change_target"]
_PLAN = [*_WORK, "targets.add_targettemplate", "targets.change_targettemplate"]

ROLE_PERMISSIONS: dict[str, list[str]] = {
    Role.ADMIN: _PLAN,
    Role.MANAGER: _PLAN,
    Role.DISPATCHER: _WORK,
    Role.SUPPORT: _VIEW,
    Role.EMPLOYEE: [],
}
