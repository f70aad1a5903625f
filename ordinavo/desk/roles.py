"""Applies what the apps declare in their `roles.py`: one group per role, with exactly those permissions."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ImproperlyConfigured

from ordinavo.tenants.models import Role
from ordinavo.tenants.services.members import GROUP_PREFIX


def declared_permissions() -> dict[str, set[str]]:
    """Return role → permissions ("app_label.codename") as all installed apps declare them."""
    declared: dict[str, set[str]] = {role.value: set() for role in Role}
    for config in apps.get_app_configs():
        module = f"{config.name}.roles"
        # The desk's own module of that name is this one.
        if module == __name__ or find_spec(module) is None:
            continue
        for role, permissions in import_module(module).ROLE_PERMISSIONS.items():
            declared[role].update(permissions)
    return declared


def sync_roles() -> dict[str, int]:
    """Make each role's group hold what is declared and nothing else; returns role → number of permissions.

    Raises `ImproperlyConfigured` for a permission that no model has.
    """
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    declared = declared_permissions()
    unknown = sorted(set().union(*declared.values()) - known.keys())
    if unknown:
        raise ImproperlyConfigured(f"Roles name permissions that do not exist: {', '.join(unknown)}.")
    for role, names in declared.items():
        group, _ = Group.objects.get_or_create(name=f"{GROUP_PREFIX}{role}")
        group.permissions.set([known[name] for name in names])
    return {role: len(names) for role, names in declared.items()}
