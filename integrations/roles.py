"""What each role may do with source systems, clients and keys."""

from ordinavo.tenants.models import Role

# Support sees which systems call, never their keys.
_VIEW = ["integrations.view_sourcesystem", "integrations.view_integrationclient"]

ROLE_PERMISSIONS: dict[str, list[str]] = {
    Role.ADMIN: [
        *_VIEW,
        "integrations.add_sourcesystem",
        "integrations.change_sourcesystem",
        "integrations.add_integrationclient",
        "integrations.change_integrationclient",
        "integrations.view_apikey",
        "integrations.add_apikey",
        "integrations.change_apikey",
    ],
    Role.MANAGER: _VIEW,
    Role.DISPATCHER: [],
    Role.SUPPORT: _VIEW,
    Role.EMPLOYEE: [],
}
