"""The person behind a request of the admin, and whom they work for."""

from typing import cast

from django.http import HttpRequest

from ordinavo.tenants.models import Tenant, User


def actor_of(request: HttpRequest) -> User:
    """Return the logged-in person; admin pages are never reached by anybody else."""
    return cast("User", request.user)


def home_of(user: User) -> Tenant | None:
    """Return the live tenant that a person works for, None for operators of none."""
    membership = getattr(user, "membership", None)
    return membership.tenant if membership else None
