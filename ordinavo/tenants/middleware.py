"""Which tenant a signed-in person works in: `request.tenant`, found out when somebody asks for it."""

from collections.abc import Callable
from functools import partial

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from ordinavo.tenants.models import Tenant, User

SESSION_KEY = "active_tenant"


def active_tenant(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Set `request.tenant`: false for operators who look at all tenants, and for people of none.

    It is lazy, so that requests of outside systems cost no query. Test it for truth, never `is None`.
    Whoever asks also gets the tenant's time zone for the rest of the request.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        request.tenant = SimpleLazyObject(partial(_enter, request))  # type: ignore[attr-defined]
        try:
            return get_response(request)
        finally:
            timezone.deactivate()

    return answer


def tenants_open_to(user: object) -> QuerySet[Tenant]:
    """Return the tenants a person may work in: all for operators, else their own and its test twin."""
    if not isinstance(user, User) or not user.is_active:
        return Tenant.objects.none()
    if user.is_superuser:
        return Tenant.objects.all()
    return Tenant.objects.filter(Q(memberships__user=user) | Q(twin_of__memberships__user=user))


def _enter(request: HttpRequest) -> Tenant | None:
    tenant = _chosen(request)
    if tenant:
        timezone.activate(tenant.time_zone)
    return tenant


def _chosen(request: HttpRequest) -> Tenant | None:
    user = request.user
    if not isinstance(user, User):
        return None
    chosen = request.session.get(SESSION_KEY)
    mine = tenants_open_to(user).select_related("twin_of")
    if user.is_superuser:
        return mine.filter(pk=chosen).first() if chosen else None
    # A choice that is no longer open to this person falls back to the live tenant.
    open_now = {tenant.pk: tenant for tenant in mine}
    live = next((tenant for tenant in open_now.values() if not tenant.is_test), None)
    return open_now.get(chosen, live) if chosen else live
