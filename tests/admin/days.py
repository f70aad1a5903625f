"""Days for the tests of routes' pages: people in Essen, targets, a draft, and its paths."""

from typing import Any

from django.test import Client
from django.urls import reverse

from ordinavo.tenants.models import Tenant
from targets.routes.models import RouteSuggestion
from tests.routes import rows
from tests.visits.rows import employee

LIST = "/admin/routes/routesuggestion/"


def draft(tenant: Tenant, *, people: int = 2, stops: int = 4, **fields: Any) -> RouteSuggestion:
    """A draft for targets around Essen."""
    for number in range(people):
        employee(tenant, name=f"Person {number + 1}")
    return rows.drafted(tenant, rows.targets(tenant, stops), **fields)


def page(suggestion: RouteSuggestion, name: str = "change", *args: int) -> str:
    """The path of a page of the suggestion."""
    return reverse(f"admin:routes_routesuggestion_{name}", args=[suggestion.pk, *args])


def shown(browser: Client, suggestion: RouteSuggestion) -> str:
    """The text of the suggestion's page."""
    answer = browser.get(page(suggestion))
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return text


def said(answer: Any) -> list[str]:
    """The messages on the page that an answer led to."""
    return [str(message) for message in answer.context["messages"]]


def change(browser: Client, suggestion: RouteSuggestion, target_id: int, verb: str, **given: Any) -> Any:
    """What the menu of a target sends."""
    given = {"revision": rows.fresh(suggestion).revision, "verb": verb, **given}
    return browser.post(page(suggestion, "menu", target_id), given, follow=True)
