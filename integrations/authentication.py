"""From `Authorization: Bearer fio_…` to a grant."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

import structlog
from django.db import DatabaseError
from django.db.models import Q
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from structlog.contextvars import bind_contextvars

from integrations import keys
from integrations.allowlist import admits
from integrations.grants import Grant
from integrations.models import ApiKey, IntegrationClient, SourceSystem
from integrations.rate_limit import spend
from integrations.refusals import ClientDisabled, IpNotAllowed, Unauthorized
from integrations.unauthorized_limit import count_unauthorized
from ordinavo.kernel.lean import link
from ordinavo.kernel.promised import promised_headers
from ordinavo.kernel.proxies import caller_address
from ordinavo.kernel.rows import read_joined
from ordinavo.tenants.models import Tenant

log = structlog.get_logger("integrations.authentication")

LAST_USE_STEP = timedelta(minutes=1)
_BEARER = re.compile(r"bearer ([0-9A-Za-z_]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Principal:
    """The `request.user` of the API: a client, never a person."""

    client: IntegrationClient
    is_authenticated: Literal[True] = True


class ApiKeyAuthentication(BaseAuthentication):
    """Finds the key with one query; what can't be a key is refused without any."""

    def authenticate(self, request: Request) -> tuple[Principal, Grant]:
        """Return who calls, or raise a 401, 403 or 429; the answer will say what is left of the window."""
        address = caller_address(request._request)
        try:
            key = _working_key(request.META.get("HTTP_AUTHORIZATION"))
        except Unauthorized:
            count_unauthorized(address)
            raise
        client = key.client
        bind_contextvars(tenant_id=client.tenant_id, client_id=client.id)
        _check_client(client, address)
        _note_use(key, address)
        _spend(request, client)
        return Principal(client), Grant(client=client, key=key)

    def authenticate_header(self, request: Request) -> str:
        """Name the scheme for DRF; our own 401s carry it themselves."""
        return "Bearer"


def _working_key(header: str | None) -> ApiKey:
    if header is None:
        raise Unauthorized("Send an API key as Authorization: Bearer fio_….")
    found = _BEARER.fullmatch(header)
    if found is None or not keys.well_formed(found[1]):
        message = "The Authorization header must be Bearer and an API key; this one is mistyped or cut off."
        raise Unauthorized(message)
    key = _stored_key(keys.digest(found[1]))
    if key is None:
        raise Unauthorized("The API key is not known.")
    # Whoever gets here holds the secret, so the reason may be told.
    if key.revoked_at is not None:
        raise Unauthorized("The API key has been revoked.")
    if key.expires_at is not None and key.expires_at <= timezone.now():
        raise Unauthorized("The API key has expired.")
    return key


def _stored_key(digest: bytes) -> ApiKey | None:
    """Return the key with its client, tenant and source system."""
    tables = {"k": ApiKey, "c": IntegrationClient, "t": Tenant, "s": SourceSystem}
    joined = (
        "integrations_apikey AS k JOIN integrations_integrationclient AS c ON c.id = k.client_id"
        " JOIN tenants_tenant AS t ON t.id = c.tenant_id"
        " JOIN integrations_sourcesystem AS s ON s.id = c.source_system_id WHERE k.digest = %s"
    )
    for key, client, tenant, source_system in read_joined(tables, joined, [digest]):
        link(client, "tenant", tenant)
        link(client, "source_system", source_system)
        link(source_system, "tenant", tenant)
        link(key, "client", client)
        return key  # type: ignore[no-any-return]
    return None


def _check_client(client: IntegrationClient, address: str) -> None:
    if not client.active:
        raise ClientDisabled("This integration client is switched off.")
    if not admits(client.ip_allowlist, address):
        raise IpNotAllowed("This integration client may not call from this address.")


def _spend(request: Request, client: IntegrationClient) -> None:
    spent = spend(client)
    if spent is not None:
        promised_headers(request._request).update(spent.headers())
        spent.check()


def _note_use(key: ApiKey, address: str) -> None:
    # Before the view's transaction begins, so that a request that fails was a use all the same.
    now = timezone.now()
    if key.last_used_at is not None and key.last_used_at > now - LAST_USE_STEP:
        return
    due = Q(last_used_at=None) | Q(last_used_at__lte=now - LAST_USE_STEP)
    try:
        ApiKey.objects.filter(due, id=key.id).update(last_used_at=now, last_used_address=address or None)
    except DatabaseError:
        log.warning("last_use_not_noted", exc_info=True)
