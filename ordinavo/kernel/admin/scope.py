"""Whose rows a staff member sees: the one rule, used by lists, choices, filters, autocomplete and inlines."""

from typing import Any, TypeVar

from django.contrib.admin import AdminSite
from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured
from django.db.models import Model, QuerySet
from django.http import HttpRequest

M = TypeVar("M", bound=Model)


def tenant_of(request: HttpRequest) -> Any:
    """Return the tenant that the request works in, or None (the middleware of tenants sets it)."""
    return getattr(request, "tenant", None) or None


def scoped(queryset: QuerySet[M], *, tenant: Any, request: HttpRequest, path: str) -> QuerySet[M]:
    """Return the rows of the tenant; without one, operators see all rows and anybody else none."""
    if tenant:
        return queryset.filter(**{path: tenant.pk})
    return queryset if getattr(request.user, "is_superuser", False) else queryset.none()


def rows_for(model: type[M], request: HttpRequest, *, site: AdminSite) -> QuerySet[M]:
    """Return the rows of any model that a request may choose from.

    The model's own admin decides; without one its `tenant` does. A model with neither is refused, since it
    would show one tenant's rows to another.
    """
    model_admin: Any = site._registry.get(model)
    rows = model._default_manager.all()
    if hasattr(model_admin, "scope"):
        scope: QuerySet[M] = model_admin.scope(rows, request)
        return scope
    try:
        model._meta.get_field("tenant")
    except FieldDoesNotExist as exc:
        raise ImproperlyConfigured(f"{model.__name__} has no tenant-scoped admin and no tenant.") from exc
    return scoped(rows, tenant=tenant_of(request), request=request, path="tenant")
