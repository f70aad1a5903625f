"""The pages that issue, rotate and revoke keys. A secret is on one answer, once, and stored nowhere."""

import json
from collections.abc import Callable
from typing import Any, Protocol

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from integrations.admin.forms import IssueForm, RevokeForm, RotateForm
from integrations.models import ApiKey, IntegrationClient
from integrations.services.api_keys import issue_key, revoke_key, rotate_key
from ordinavo.kernel.errors import DomainError
from ordinavo.tenants.staff import actor_of

EXAMPLE = {"externalId": "FIRST-1", "title": "My first target"}
BASE = "/api/connect/v1"


class ClientPage(Protocol):
    """What these pages need of the clients' admin."""

    admin_site: Any
    opts: Any

    def get_object(self, request: HttpRequest, object_id: str) -> IntegrationClient | None:
        """Return the client if it is the tenant's own."""

    def may_handle_keys(self, request: HttpRequest) -> bool:
        """Whether the person may issue, rotate and revoke keys."""


def issue(page: ClientPage, request: HttpRequest, object_id: str) -> HttpResponse:
    """Ask for label and expiry, then show the new secret."""
    client = _client(page, request, object_id)
    form = IssueForm(request.POST or None)

    def perform(sent: Any) -> HttpResponse:
        key, secret = issue_key(
            client=client,
            label=sent.cleaned_data["label"],
            expires_at=sent.expires_at(),
            actor=actor_of(request),
        )
        return _secret_page(page, request, client=client, key=key, secret=secret)

    return _ask(
        page, request, form=form, client=client, title="Issue a key", submit="Issue key", perform=perform
    )


def rotate(page: ClientPage, request: HttpRequest, object_id: str, key_id: int) -> HttpResponse:
    """Ask for the overlap, then show the new secret."""
    client = _client(page, request, object_id)
    old = _key(client, key_id)
    form = RotateForm(request.POST or None)

    def perform(sent: Any) -> HttpResponse:
        key, secret = rotate_key(key=old, overlap=sent.duration(), actor=actor_of(request))
        return _secret_page(page, request, client=client, key=key, secret=secret)

    title = f"Rotate the key {old}"
    return _ask(page, request, form=form, client=client, title=title, submit="Rotate key", perform=perform)


def revoke(page: ClientPage, request: HttpRequest, object_id: str, key_id: int) -> HttpResponse:
    """Ask once more, then close the door."""
    client = _client(page, request, object_id)
    key = _key(client, key_id)
    form = RevokeForm(request.POST if request.method == "POST" else None)

    def perform(_: Any) -> HttpResponse:
        revoke_key(key=key, actor=actor_of(request))
        messages.success(request, f"The key {key} no longer works.")
        return HttpResponseRedirect(_client_path(client))

    title = f"Revoke the key {key}"
    return _ask(page, request, form=form, client=client, title=title, submit="Revoke key", perform=perform)


_WARNINGS = {
    "Revoke key": "Requests with this key are refused at once, and it cannot be brought back.",
    "Rotate key": "You get a new key. The old one stops working when the overlap ends.",
    "Issue key": "The key is shown once, on the next page. It can do all that the client may do.",
}


def _ask(
    page: ClientPage,
    request: HttpRequest,
    *,
    form: Form,
    client: IntegrationClient,
    title: str,
    submit: str,
    perform: Callable[[Any], HttpResponse],
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            return perform(form)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
    context = {
        "form": form,
        "submit_text": submit,
        "explanation": _WARNINGS[submit],
        "bad": submit == "Revoke key",
    }
    return _render(page, request, "admin/simple_form.html", client, title=title, **context)


def _secret_page(
    page: ClientPage, request: HttpRequest, *, client: IntegrationClient, key: ApiKey, secret: str
) -> HttpResponse:
    root = request.build_absolute_uri(BASE)
    check = f"curl {root}/integration/health \\\n  -H 'Authorization: Bearer {secret}'"
    first = (
        f"curl {root}/inbound/targets \\\n  -H 'Authorization: Bearer {secret}' \\\n"
        f"  -H 'Content-Type: application/json' \\\n  -d '{json.dumps(EXAMPLE)}'"
    )
    facts = {"key": key, "secret": secret, "check": check, "first": first, "back": _client_path(client)}
    return _render(page, request, "admin/integrations/key_secret.html", client, title="Your new key", **facts)


def _render(
    page: ClientPage, request: HttpRequest, template: str, client: IntegrationClient, **context: Any
) -> HttpResponse:
    shared = page.admin_site.each_context(request)
    return TemplateResponse(request, template, {**shared, "opts": page.opts, "original": client, **context})


def _client(page: ClientPage, request: HttpRequest, object_id: str) -> IntegrationClient:
    client = page.get_object(request, object_id)
    if client is None or not page.may_handle_keys(request):
        raise Http404
    return client


def _key(client: IntegrationClient, key_id: int) -> ApiKey:
    key = client.keys.filter(pk=key_id).first()
    if key is None:
        raise Http404
    return key


def _client_path(client: IntegrationClient) -> str:
    return reverse("admin:integrations_integrationclient_change", args=[client.pk])
