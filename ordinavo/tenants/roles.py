"""What each role may do with people and their traces."""

from ordinavo.tenants.models import Role

_AUDIT = ["tenants.view_auditentry"]

ROLE_PERMISSIONS: dict[str, list[str]] = {
    Role.ADMIN: ["tenants.view_user", "tenants.add_user", "tenants.change_user", *_AUDIT],
    Role.MANAGER: ["tenants.view_user", *_AUDIT],
    Role.DISPATCHER: [],
    Role.SUPPORT: ["tenants.view_user", *_AUDIT],
    Role.EMPLOYEE: [],
}
