"""Pages that ask once more before something is done."""

from collections.abc import Callable
from typing import Any, Protocol

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from ordinavo.kernel.errors import DomainError


class Page(Protocol):
    """What such a page needs of the admin that it belongs to."""

    admin_site: Any
    opts: Any


def ask(
    page: Page,
    request: HttpRequest,
    row: Any,
    perform: Callable[[], HttpResponse],
    *,
    form: forms.Form | None = None,
    template: str = "admin/simple_form.html",
    **context: Any,
) -> HttpResponse:
    """Show `form`, by default an empty one, and when it comes back in order return what `perform` returns.

    What a service refuses is said above the form. `context` is what `admin/simple_form.html`, or a template
    that extends it, knows: `title`, `explanation`, `submit_text`, `danger`, `back`, `away_text`.
    """
    form = form if form is not None else forms.Form(posted(request))
    if form.is_valid():
        try:
            with transaction.atomic():
                return perform()
        except DomainError as refusal:
            form.add_error(None, refusal.message)
    return shown(page, request, row, template, form=form, **context)


def shown(page: Page, request: HttpRequest, row: Any, template: str, **context: Any) -> HttpResponse:
    """Return a page about a row, in the frame of the admin."""
    shared = page.admin_site.each_context(request)
    return TemplateResponse(request, template, {**shared, "opts": page.opts, "original": row, **context})


def posted(request: HttpRequest) -> Any:
    """Return the data of a form, None before it was sent."""
    return request.POST if request.method == "POST" else None


def done(request: HttpRequest, message: str, path: str) -> HttpResponse:
    """Say what was done, on the page at `path`."""
    messages.success(request, message)
    return HttpResponseRedirect(path)
