"""The page on which a new suggestion is asked for."""

from typing import Any, Protocol

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from ordinavo.kernel.admin import show
from ordinavo.kernel.admin.asking import ask, done, posted
from ordinavo.kernel.admin.scope import tenant_of
from ordinavo.tenants.models import User
from ordinavo.tenants.staff import actor_of
from targets.routes.admin.forms import NewForm
from targets.routes.admin.sources import first_day, source_of
from targets.routes.models import RouteSuggestion
from targets.routes.services.asking import Asker, ask_suggestion


class AddPage(Protocol):
    """What the page needs of the suggestions' admin."""

    admin_site: Any
    opts: Any

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Whether the person may ask for routes."""


def new_page(page: AddPage, request: HttpRequest) -> HttpResponse:
    """Ask for day, people and options, and for the targets unless a link named them; then plan."""
    if not page.has_add_permission(request):
        raise PermissionDenied
    tenant = tenant_of(request)
    source = source_of(page.admin_site, request, tenant)
    form = NewForm(tenant, source, posted(request), initial={"route_date": first_day(source)})

    def perform() -> HttpResponse:
        suggestion = _asked(form, actor_of(request))
        return done(request, f"Routes for {suggestion.route_date} are asked for.", show.page_of(suggestion))

    return ask(
        page,
        request,
        None,
        perform,
        form=form,
        title="Suggest routes",
        explanation=_said(source.said if source else ""),
        submit_text="Suggest routes",
        back=reverse("admin:routes_routesuggestion_changelist"),
    )


def _asked(form: NewForm, actor: User) -> RouteSuggestion:
    meant = form.cleaned_data["source"]
    return ask_suggestion(
        tenant=form.tenant,
        route_date=form.cleaned_data["route_date"],
        target_ids=meant.ids,
        asker=Asker(actor=actor),
        options=form.options(),
        employee_ids=form.employee_ids(),
        import_job_id=meant.job_id,
    )


def _said(source: str) -> str:
    promise = "Nothing is fixed before you publish it."
    return f"For {source}. {promise}" if source else f"Who could go where on a day. {promise}"
