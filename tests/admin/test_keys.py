from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from integrations import keys
from integrations.models import ApiKey, IntegrationClient
from ordinavo.tenants.models import AuditEntry, Role, Tenant
from tests import factories
from tests.admin.conftest import LogIn

THRESHOLDS = {"link_score": "0.65", "review_score": "0.37", "link_margin": "0.25"}


def page(client: IntegrationClient, rest: str) -> str:
    return f"/admin/integrations/integrationclient/{client.pk}/{rest}"


def issued(browser: Client, client: IntegrationClient, **fields: str) -> str:
    answer = browser.post(page(client, "keys/issue/"), {"label": "ERP production", **fields})
    return str(answer.context["secret"])


def test_a_key_is_shown_once_with_a_ready_curl_line_and_works(erp: IntegrationClient, log_in: LogIn) -> None:
    browser = log_in()

    answer = browser.post(page(erp, "keys/issue/"), {"label": "ERP production"})

    secret = answer.context["secret"]
    shown = answer.content.decode()
    key = ApiKey.objects.working().get(digest=keys.digest(secret))
    assert (key.client, key.label, key.expires_at) == (erp, "ERP production", None)
    assert f'<code id="secret">{secret}</code>' in shown
    assert "curl http://testserver/api/connect/v1/integration/health" in shown
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_secret_is_on_no_other_page_and_in_no_record(erp: IntegrationClient, log_in: LogIn) -> None:
    browser = log_in()
    secret = issued(browser, erp)

    for path in (
        page(erp, "change/"),
        page(erp, "history/"),
        page(erp, "keys/issue/"),
        "/admin/tenants/auditentry/",
    ):
        assert secret not in browser.get(path).content.decode()
    assert keys.visible_start(secret) in browser.get(page(erp, "change/")).content.decode()
    entry = AuditEntry.objects.get(action="api_key.issued")
    assert entry.actor is not None
    assert secret not in str(entry.details)


def test_a_key_with_a_last_day_stops_when_the_day_is_over_in_the_zone_of_the_tenant(
    erp: IntegrationClient, log_in: LogIn
) -> None:
    issued(log_in(), erp, expires_on="2199-06-30")

    assert ApiKey.objects.get().expires_at.isoformat() == "2199-06-30T22:00:00+00:00"  # type: ignore[union-attr]


def test_a_last_day_in_the_past_is_refused(erp: IntegrationClient, log_in: LogIn) -> None:
    answer = log_in().post(page(erp, "keys/issue/"), {"expires_on": "2020-01-01"})

    assert answer.context["form"].errors == {"expires_on": ["This day is over."]}
    assert not ApiKey.objects.exists()


def test_rotating_keeps_the_old_key_for_the_chosen_overlap(erp: IntegrationClient, log_in: LogIn) -> None:
    old, _ = factories.key(erp)

    answer = log_in().post(page(erp, f"keys/{old.pk}/rotate/"), {"overlap": "3600"})

    old.refresh_from_db()
    assert ApiKey.objects.working().filter(digest=keys.digest(answer.context["secret"])).exists()
    assert abs(old.expires_at - timezone.now() - timedelta(hours=1)) < timedelta(minutes=1)  # type: ignore[operator]


def test_a_revoked_key_is_closed_and_offers_no_levers_any_more(erp: IntegrationClient, log_in: LogIn) -> None:
    key, _ = factories.key(erp)
    browser = log_in()
    assert f"keys/{key.pk}/revoke/" in browser.get(page(erp, "change/")).content.decode()

    asked = browser.get(page(erp, f"keys/{key.pk}/revoke/"))
    assert asked.status_code == 200
    assert not ApiKey.objects.exclude(revoked_at=None).exists()
    browser.post(page(erp, f"keys/{key.pk}/revoke/"))

    assert not ApiKey.objects.working().exists()
    assert f"keys/{key.pk}/revoke/" not in browser.get(page(erp, "change/")).content.decode()


def test_rotating_a_dead_key_is_refused_with_a_sentence(erp: IntegrationClient, log_in: LogIn) -> None:
    key, _ = factories.key(erp, revoked_at=timezone.now())

    answer = log_in().post(page(erp, f"keys/{key.pk}/rotate/"), {"overlap": "0"})

    assert answer.context["form"].non_field_errors() == ["The key does not work any more; issue a new one."]
    assert ApiKey.objects.count() == 1


@pytest.mark.parametrize("role", [Role.MANAGER, Role.SUPPORT, Role.DISPATCHER])
def test_only_administrators_handle_keys(role: Role, erp: IntegrationClient, log_in: LogIn) -> None:
    key, _ = factories.key(erp)
    browser = log_in(role)

    for rest in ("keys/issue/", f"keys/{key.pk}/rotate/", f"keys/{key.pk}/revoke/"):
        assert browser.get(page(erp, rest)).status_code == 404
        assert browser.post(page(erp, rest), {"overlap": "0"}).status_code == 404
    assert list(ApiKey.objects.working()) == [key]


def test_keys_of_other_tenants_and_other_clients_are_out_of_reach(
    tenant: Tenant, erp: IntegrationClient, log_in: LogIn
) -> None:
    foreign = factories.client(factories.tenant())
    theirs, _ = factories.key(foreign)
    neighbour, _ = factories.key(factories.client(tenant))
    browser = log_in()

    assert browser.post(page(foreign, "keys/issue/"), {}).status_code == 404
    assert browser.post(page(foreign, f"keys/{theirs.pk}/revoke/")).status_code == 404
    assert browser.post(page(erp, f"keys/{theirs.pk}/revoke/")).status_code == 404
    assert browser.post(page(erp, f"keys/{neighbour.pk}/revoke/")).status_code == 404
    assert set(ApiKey.objects.working()) == {theirs, neighbour}


def test_operators_choose_a_tenant_before_they_handle_keys(erp: IntegrationClient, operator: Client) -> None:
    operator.post("/admin/tenants/tenant/switch/", {"tenant": ""})

    assert operator.post(page(erp, "keys/issue/"), {}).status_code == 404
    assert not ApiKey.objects.exists()


def test_a_client_is_saved_with_its_lists(tenant: Tenant, log_in: LogIn) -> None:
    source = factories.source_system(tenant)
    data = {
        "name": "Portal",
        "source_system": source.pk,
        "active": "on",
        "scopes": ["customers.map", "targets.read"],
        "mapping_strategy": "ExternalIdFirst",
        **THRESHOLDS,
        "mapping_fallbacks": ["email"],
        "create_customers": "on",
        "ip_allowlist": "203.0.113.0/24\r\n2001:db8::/32\r\n",
        "requests_per_minute": "100",
    }

    answer = log_in().post("/admin/integrations/integrationclient/add/", data)

    assert answer.status_code == 302, answer.context["adminform"].form.errors
    client = IntegrationClient.objects.get()
    assert (client.tenant, client.scopes) == (tenant, ["customers.map", "targets.read"])
    assert client.ip_allowlist == ["203.0.113.0/24", "2001:db8::/32"]
    assert (client.create_customers, client.update_customers) == (True, False)


def test_a_taken_name_and_a_bad_network_are_refused_with_words(
    tenant: Tenant, erp: IntegrationClient, log_in: LogIn
) -> None:
    data = {
        "name": erp.name,
        "source_system": erp.source_system_id,
        "mapping_strategy": "ExternalIdFirst",
        **THRESHOLDS,
        "requests_per_minute": "100",
        "ip_allowlist": "nonsense",
    }

    form = log_in().post("/admin/integrations/integrationclient/add/", data).context["adminform"].form

    assert "nonsense is not an IP address or network." in str(form.errors["ip_allowlist"])
    form = (
        log_in_again(tenant)
        .post("/admin/integrations/integrationclient/add/", {**data, "ip_allowlist": ""})
        .context["adminform"]
        .form
    )
    assert form.non_field_errors() == ["The tenant has a client with this name."]


def log_in_again(tenant: Tenant) -> Client:
    browser = Client()
    browser.force_login(tenant.memberships.get().user)
    return browser
