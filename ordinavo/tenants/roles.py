"""What each role may do with people and their traces."""

from ordinavo.tenants.models import Role

_TRACES = ["tenants.view_auditentry", "tenants.view_managernotice"]
_NOTICES = ["tenants.change_managernotice"]

ROLE_PERMISSIONS: dict[str, list[str]] = {
    Role.ADMIN: ["tenants.view_user", "tenants.add_user", "tenants.change_user", *_TRACES, *_NOTICES],
    Role.MANAGER: ["tenants.view_user", *_TRACES, *_NOTICES],
    Role.DISPATCHER: [],
    Role.SUPPORT: ["tenants.view_user", *_TRACES],
    Role.EMPLOYEE: [],
}
