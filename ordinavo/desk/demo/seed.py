"""Seeds the demo tenant, once; every further run only looks after its credentials."""

import secrets
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from integrations import keys
from integrations.models import ApiKey, Environment, Feature, IntegrationClient, MappingStrategy
from integrations.scopes import Scope
from integrations.services.api_keys import issue_key, revoke_key
from integrations.services.clients import RECORD_KINDS, MappingSettings, create_client, create_source_system
from ordinavo.desk.demo.records import store_customers, store_employees, store_templates
from ordinavo.tenants.models import Role, Tenant, User
from ordinavo.tenants.services.members import add_member
from ordinavo.tenants.services.tenants import create_tenant

SLUG = "demo"
SOURCE_SYSTEM = "logistics_erp"
CLIENT, TEST_CLIENT = "Logistics ERP", "Logistics ERP (test)"
KEY_LABEL = "Demo key"
OPERATOR = "operator@demo.example"
MEMBERS = (
    (Role.ADMIN, "admin@demo.example", "Anna", "Albrecht"),
    (Role.MANAGER, "manager@demo.example", "Martin", "Mertens"),
    (Role.DISPATCHER, "dispatcher@demo.example", "Dilek", "Dogan"),
    (Role.SUPPORT, "support@demo.example", "Sophie", "Sander"),
    (Role.EMPLOYEE, "employee@demo.example", "Emil", "Ehlers"),
)
_CONSONANTS, _VOWELS = "bdfgklmnprstvz", "aeiou"
_SYLLABLES, _WORDS = 2, 4


@dataclass(frozen=True, slots=True)
class Credentials:
    """What is told once: logins with passwords, a live and a test key."""

    logins: tuple[dict[str, str], ...]
    api_key: str
    test_api_key: str

    def as_json(self) -> dict[str, Any]:
        """Return the shape of the credentials file."""
        return {
            "logins": list(self.logins),
            "apiKey": self.api_key,
            "testApiKey": self.test_api_key,
            "sourceSystem": SOURCE_SYSTEM,
        }


@transaction.atomic
def seed() -> bool:
    """Make the demo tenant with all it holds, without passwords and keys; False if it is there already."""
    if Tenant.objects.filter(slug=SLUG).exists():
        return False
    tenant = create_tenant(slug=SLUG, name="Demo Field Services")
    for role, email, first_name, last_name in MEMBERS:
        add_member(tenant=tenant, email=email, role=role, first_name=first_name, last_name=last_name)
    if not User.objects.filter(email=OPERATOR).exists():
        User.objects.create_superuser(OPERATOR, None, first_name="Olga", last_name="Operator")
    for home in (tenant, tenant.twin):
        create_source_system(tenant=home, key=SOURCE_SYSTEM, name="Logistics ERP")
        store_templates(home)
        store_employees(home)
    live = _client(tenant, CLIENT, Environment.LIVE)
    _client(tenant, TEST_CLIENT, Environment.TEST)
    store_customers(live.source_system)
    return True


def works(credentials: dict[str, Any]) -> bool:
    """Whether the keys of a credentials file still open the demo's doors."""
    secrets_told = [credentials.get("apiKey"), credentials.get("testApiKey")]
    digests = [keys.digest(secret) for secret in secrets_told if isinstance(secret, str)]
    working = ApiKey.objects.working().filter(digest__in=digests, client__in=_clients())
    return len(digests) == len(secrets_told) == working.count()


@transaction.atomic
def renew_credentials() -> Credentials:
    """Give every demo login a new password and each demo client a new key in place of its former demo key."""
    people = [*MEMBERS, ("operator", OPERATOR, "", "")]
    logins = tuple(
        {"role": str(role), "email": email, "password": _reset(email)} for role, email, *_ in people
    )
    by_name = {client.name: client for client in _clients()}
    return Credentials(logins, _new_key(by_name[CLIENT]), _new_key(by_name[TEST_CLIENT]))


def _client(tenant: Tenant, name: str, environment: Environment) -> IntegrationClient:
    return create_client(
        tenant=tenant,
        name=name,
        source_system_key=SOURCE_SYSTEM,
        scopes=list(Scope),
        environment=environment,
        mapping=MappingSettings(
            strategy=MappingStrategy.EXTERNAL_ID_FIRST, create=RECORD_KINDS, update=RECORD_KINDS
        ),
        features=[Feature.BILLING_WEBHOOKS],
    )


def _clients() -> list[IntegrationClient]:
    demo = IntegrationClient.objects.filter(name__in=(CLIENT, TEST_CLIENT)).select_related("tenant")
    return [client for client in demo if client.tenant.slug in {SLUG, f"{SLUG}-test"}]


def _new_key(client: IntegrationClient) -> str:
    for former in client.keys.working().filter(label=KEY_LABEL):
        revoke_key(key=former)
    _, secret = issue_key(client=client, label=KEY_LABEL)
    return secret


def _reset(email: str) -> str:
    password = _readable()
    user = User.objects.get(email=email)
    user.set_password(password)
    user.save(update_fields=["password"])
    return password


def _readable() -> str:
    """Return a password that can be read out: four words of made-up syllables and two digits (55 bits)."""
    words = ["".join(_syllable() for _ in range(_SYLLABLES)) for _ in range(_WORDS)]
    return "-".join(words) + f"-{secrets.randbelow(90) + 10}"


def _syllable() -> str:
    return secrets.choice(_CONSONANTS) + secrets.choice(_VOWELS)
