import json
from datetime import timedelta
from io import StringIO
from typing import Any, cast

import pytest
from django.contrib.admin.utils import flatten_fieldsets
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from integrations.admin.clients import IntegrationClientAdmin
from integrations.management.commands import create_integration_client
from integrations.models import ApiKey, IntegrationClient
from integrations.scopes import Scope
from integrations.services.clients import RECORD_KINDS
from ordinavo.tenants.models import Tenant
from tests import factories
from tests.api import BASE


def _run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def _json(*arguments: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(_run(*arguments, "--json"))
    return told


def _create(tenant: Tenant, *arguments: str) -> dict[str, Any]:
    return _json(
        "create_integration_client",
        *("--tenant", tenant.slug, "--name", "ERP", "--source-system", "erp"),
        *arguments,
    )


def test_a_client_is_made_as_told(tenant: Tenant) -> None:
    told = _create(
        tenant,
        *("--scope", "customers.map", "--scope", "integration.health.read"),
        *("--strategy", "ExternalIdOnly", "--fallback", "email", "--fallback", "phone"),
        *("--create", "customers", "--create", "locations", "--update", "contacts"),
        *("--allow", "203.0.113.0/24", "--feature", "billing_webhooks"),
    )
    client = IntegrationClient.objects.get()
    assert told == {
        "id": client.id,
        "tenant": tenant.slug,
        "name": "ERP",
        "sourceSystem": "erp",
        "environment": "live",
        "scopes": ["integration.health.read", "customers.map"],
    }
    assert (client.mapping_strategy, client.mapping_fallbacks) == ("ExternalIdOnly", ["email", "phone"])
    assert (client.create_customers, client.create_locations, client.create_contacts) == (True, True, False)
    assert (client.update_customers, client.update_locations, client.update_contacts) == (False, False, True)
    assert (client.ip_allowlist, client.features) == (["203.0.113.0/24"], ["billing_webhooks"])


def test_a_client_gets_thresholds_and_a_rate_limit_and_can_wait_to_be_switched_on(tenant: Tenant) -> None:
    _create(
        tenant,
        *("--strategy", "ExternalIdThenNameAndAddress", "--link-score", "0.8", "--review-score", "0.5"),
        *("--link-margin", "0.3", "--requests-per-minute", "60", "--inactive"),
    )
    client = IntegrationClient.objects.get()
    assert client.mapping_strategy == "ExternalIdThenNameAndAddress"
    assert (client.link_score, client.review_score, client.link_margin) == (0.8, 0.5, 0.3)
    assert (client.requests_per_minute, client.active) == (60, False)


def test_a_client_has_the_usual_thresholds_and_rate_unless_told(tenant: Tenant) -> None:
    _create(tenant)
    client = IntegrationClient.objects.get()
    assert (client.link_score, client.review_score, client.link_margin) == (0.65, 0.37, 0.25)
    assert (client.requests_per_minute, client.active) == (1000, True)


def test_all_that_the_admin_offers_of_a_client_can_be_told() -> None:
    parser = create_integration_client.Command().create_parser("manage.py", "create_integration_client")
    told = {option.dest for option in parser._actions}
    shown = set(flatten_fieldsets(cast("Any", IntegrationClientAdmin.fieldsets)))
    by_other_names = {
        **{f"{verb}_{kind}": verb for verb in ("create", "update") for kind in RECORD_KINDS},
        "scopes": "scope",
        "features": "feature",
        "ip_allowlist": "allow",
        "active": "inactive",
        "mapping_strategy": "strategy",
        "mapping_fallbacks": "fallback",
    }
    assert {by_other_names.get(name, name) for name in shown} <= told


def test_all_stands_for_every_scope(tenant: Tenant) -> None:
    assert _create(tenant, "--scope", "all")["scopes"] == [scope.value for scope in Scope]


def test_a_client_without_scopes_has_none(tenant: Tenant) -> None:
    _create(tenant)
    _json("create_integration_client", "--tenant", tenant.slug, "--name", "B", "--source-system", "erp")
    assert list(IntegrationClient.objects.values_list("scopes", flat=True)) == [[], []]


def test_a_test_client_goes_to_the_twin(tenant: Tenant) -> None:
    twin = factories.twin(tenant)
    told = _create(tenant, "--environment", "test")
    assert (told["tenant"], told["environment"]) == (twin.slug, "test")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--scope", "everything"], "argument --scope: invalid choice: 'everything'"),
        (["--strategy", "Guess"], "argument --strategy: invalid choice: 'Guess'"),
        (["--link-score", "1.5"], "link_score: Ensure this value is less than or equal to 1.0."),
        (["--link-score", "nan"], "link_score: Must be a number."),
        (["--link-margin", "much"], "argument --link-margin: invalid float value: 'much'"),
        (["--review-score", "0.9"], "What is linked must score at least what is reviewed."),
        (["--requests-per-minute", "0"], "requests_per_minute: Ensure this value is greater than"),
        (["--allow", "here"], "ip_allowlist: Item 1 in the array did not validate: here is not an IP"),
        (["--environment", "test"], "environment: The tenant has no test twin."),
        (["--tenant", "nobody"], "There is no tenant nobody."),
    ],
)
def test_a_client_that_makes_no_sense_is_refused(tenant: Tenant, arguments: list[str], sentence: str) -> None:
    with pytest.raises(CommandError) as refusal:
        _create(tenant, *arguments)
    assert sentence in str(refusal.value)
    assert not IntegrationClient.objects.exists()


def test_an_issued_key_works(erp: IntegrationClient) -> None:
    told = _json("issue_api_key", "--client", f"{erp.tenant.slug}/{erp.name}", "--label", "First")
    key = ApiKey.objects.get()
    assert told == {
        "id": key.id,
        "client": erp.name,
        "tenant": erp.tenant.slug,
        "visibleStart": key.visible_start,
        "expiresAt": None,
        "secret": told["secret"],
    }
    headers = {"Authorization": f"Bearer {told['secret']}"}
    assert Client().get(f"{BASE}/integration/health", headers=headers).status_code == 200


@pytest.mark.parametrize(("text", "lifetime"), [("90d", timedelta(days=90)), ("12h", timedelta(hours=12))])
def test_a_key_expires_when_told(erp: IntegrationClient, text: str, lifetime: timedelta) -> None:
    before = timezone.now()
    _json("issue_api_key", "--client", str(erp.id), "--expires-in", text)
    expires_at = ApiKey.objects.get().expires_at
    assert expires_at is not None
    assert before + lifetime <= expires_at <= timezone.now() + lifetime


@pytest.mark.parametrize("text", ["90", "0d", "-1d", "1w", "soon", "1.5d", ""])
def test_a_span_that_is_none_is_refused(erp: IntegrationClient, text: str) -> None:
    with pytest.raises(CommandError, match="is no span of time: write 90d for days or 12h for hours"):
        _run("issue_api_key", "--client", str(erp.id), f"--expires-in={text}")
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize("named", ["0", "99999999999999999999", "nobody", "nobody/ERP", "/", ""])
@pytest.mark.django_db
def test_a_client_that_nobody_knows_gets_no_key(named: str) -> None:
    with pytest.raises(CommandError, match="There is no client"):
        _run("issue_api_key", "--client", named)


def test_a_key_is_revoked_by_id_by_its_start_or_by_the_secret(erp: IntegrationClient) -> None:
    rows = [factories.key(erp) for _ in range(4)]
    (a, _), (b, _), (c, _), (d, secret) = rows
    for named in (str(a.id), b.visible_start, f"{c.visible_start}…", secret):
        _run("revoke_api_key", named)
    assert not ApiKey.objects.working().exists()
    told = _json("revoke_api_key", str(d.id))
    d.refresh_from_db()
    assert told == {
        "id": d.id,
        "client": erp.name,
        "visibleStart": d.visible_start,
        "revokedAt": f"{d.revoked_at:%Y-%m-%dT%H:%M:%SZ}",
    }


@pytest.mark.parametrize("named", ["0", "fio_live_", "fio_live_zzzz", ""])
def test_a_key_that_nobody_has_is_told_so(erp: IntegrationClient, named: str) -> None:
    factories.key(erp)
    with pytest.raises(CommandError, match="There is no such key"):
        _run("revoke_api_key", named)
    assert ApiKey.objects.working().count() == 1


def test_of_keys_that_begin_alike_none_is_revoked(erp: IntegrationClient) -> None:
    first, _ = factories.key(erp)
    second, _ = factories.key(erp)
    ApiKey.objects.update(visible_start="fio_live_same")
    with pytest.raises(CommandError) as refusal:
        _run("revoke_api_key", "fio_live_same")
    assert str(first.id) in str(refusal.value)
    assert str(second.id) in str(refusal.value)
    assert ApiKey.objects.working().count() == 2
