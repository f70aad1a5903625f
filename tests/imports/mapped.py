"""Short words for tests of customer mapping."""

from typing import Any

from integrations.models import IntegrationClient
from integrations.scopes import Scope
from tests import factories
from tests.api import Api
from tests.imports.sending import imported, send

KINDS = ("customer", "location", "contact")
IDS = ("customerId", "customerLocationId", "customerContactId")


def mapped(api: Api, **members: Any) -> dict[str, Any]:
    """Send a target; its `customerMapping`."""
    mapping: dict[str, Any] = imported(send(api, **members))["customerMapping"]
    return mapping


def told(mapping: dict[str, Any]) -> list[tuple[str, str]]:
    """Code and path of each warning."""
    return [(warning["code"], warning["path"]) for warning in mapping["warnings"]]


def ids(mapping: dict[str, Any]) -> tuple[int | None, ...]:
    """The ids of customer, location and contact."""
    return tuple(mapping[name] for name in IDS)


def matched_by(mapping: dict[str, Any]) -> dict[str, str | None]:
    """What led to each record."""
    return {kind: detail["matchedBy"] for kind, detail in mapping["details"].items()}


def client(like: IntegrationClient, **fields: Any) -> Api:
    """Another client of the tenant's `logistics_erp`; no switch is on unless said."""
    return Api(factories.client(tenant=like.tenant, **fields))


def without(*scopes: Scope) -> list[str]:
    """All scopes but these."""
    return [scope.value for scope in Scope if scope not in scopes]
