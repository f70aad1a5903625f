"""Which tenant a signed-in person works in: `request.tenant`, found out when somebody asks for it."""

from collections.abc import Callable
from functools import partial

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode

from ordinavo.tenants import verified
from ordinavo.tenants.models import Tenant, User
from ordinavo.tenants.services.second_factor import factor_of, is_required

SESSION_KEY = "active_tenant"
# Where no session counts, and what leads to the second factor or away from it.
_OPEN = (
    "/api/",
    "/myday/",
    "/static/",
    "/admin/login/",
    "/admin/logout/",
    "/admin/jsi18n/",
    "/admin/second-factor/",
)


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


def second_factor(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Lead staff whose session lacks its second factor to where they show it or set it up."""

    def answer(request: HttpRequest) -> HttpResponse:
        missing = None if request.path.startswith(_OPEN) else _lacking(request)
        if missing is None:
            return get_response(request)
        way_back = {"next": request.get_full_path()} if request.method == "GET" else {}
        return HttpResponseRedirect(f"{reverse(missing)}?{urlencode(way_back)}".rstrip("?"))

    return answer


def _lacking(request: HttpRequest) -> str | None:
    user = request.user
    if not isinstance(user, User) or not user.is_staff:
        return None
    factor = factor_of(user)
    if factor is None:
        return "second_factor_setup" if is_required(user) else None
    return None if verified.is_verified(request, factor) else "second_factor"
