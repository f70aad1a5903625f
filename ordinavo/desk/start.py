"""The start page: what came in, was refused, is in doubt; notices, failing receivers; the first steps."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer
from integrations.models import ApiKey, IntegrationClient
from ordinavo.kernel.admin.scope import tenant_of
from ordinavo.tenants.desk import open_notices
from ordinavo.tenants.models import Tenant
from targets.imports.marks import JOB_STATUS
from targets.imports.selectors.desk import items_refused_lately, latest_jobs, open_reviews
from targets.routes.marks import SUGGESTION_STATUS
from targets.routes.selectors.desk import routes_published_for, suggestions_waiting
from webhooks.desk import subscriptions_in_trouble
from webhooks.marks import SUBSCRIPTION_STATE, state_of

ROWS = 8


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add what the start page shows, each part for those who may view it."""
    context["title"] = "Start"
    tenant = tenant_of(request)
    if tenant is None and not request.user.is_superuser:
        return context
    if request.user.has_perm("imports.view_importjob"):
        context["jobs"] = [
            (job, JOB_STATUS.get(job.get_status_display(), "")) for job in latest_jobs(tenant, limit=ROWS)
        ]
        context["refused"] = items_refused_lately(tenant, limit=ROWS)
    if request.user.has_perm("imports.view_mappingreview"):
        context["reviews"], context["review_count"] = open_reviews(tenant, limit=ROWS)
    if request.user.has_perm("routes.view_routesuggestion"):
        context |= _routes(tenant)
    if request.user.has_perm("tenants.view_managernotice"):
        context["notices"] = open_notices(tenant, limit=ROWS)
    if request.user.has_perm("webhooks.view_subscription"):
        context["troubled"] = [
            (one, state_of(one), SUBSCRIPTION_STATE[state_of(one)])
            for one in subscriptions_in_trouble(tenant, limit=ROWS)
        ]
    if tenant is not None and request.user.has_perm("integrations.add_integrationclient"):
        context["steps"] = _first_steps(tenant, has_jobs=bool(context.get("jobs")))
    return context


def _routes(tenant: Tenant | None) -> dict[str, Any]:
    today = timezone.localdate()
    waiting = suggestions_waiting(tenant, today, limit=ROWS)
    return {
        "today": today,
        "published": routes_published_for(tenant, today, limit=ROWS),
        "suggested": [(one, SUGGESTION_STATUS.get(one.get_status_display(), "")) for one in waiting],
    }


def _first_steps(tenant: Tenant, *, has_jobs: bool) -> list[dict[str, Any]]:
    """Return the steps to a first import with what is done, or nothing once targets come in."""
    if has_jobs:
        return []
    clients = IntegrationClient.objects.filter(tenant=tenant)
    steps = (
        ("Add an integration client", "integrations_integrationclient_add", clients.exists()),
        ("Issue its first key", "integrations_integrationclient_changelist", _has_key(tenant)),
        ("Add customers, or let imports create them", "customers_customer_changelist", _has_customer(tenant)),
        ("Send a first target", "imports_importjob_changelist", False),
    )
    return [{"title": title, "link": reverse(f"admin:{name}"), "done": done} for title, name, done in steps]


def _has_key(tenant: Tenant) -> bool:
    return ApiKey.objects.working().filter(client__tenant=tenant).exists()


def _has_customer(tenant: Tenant) -> bool:
    return Customer.objects.filter(tenant=tenant).exists()
