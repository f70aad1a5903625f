"""What holds for every page: nothing from other hosts, labels, and no server errors for odd queries."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from integrations.models import IntegrationClient
from ordinavo.tenants.models import Role, Tenant
from ordinavo.tenants.services.members import add_member
from tests import factories
from tests.admin.conftest import Rows
from tests.admin.world import path_of, registered

LOADED = re.compile(
    r"""(?:src|href|action|srcset|data-url)\s*=\s*["']\s*((?:https?:)?//[^"']*)""", re.IGNORECASE
)
STATIC = Path(settings.BASE_DIR) / "ordinavo" / "kernel" / "static" / "ordinavo"


def test_no_page_names_another_host(ours: Rows, operator: Client) -> None:
    paths = ["/admin/", "/admin/password_change/"]
    for model, row in ours.items():
        paths += [path_of(model, "changelist"), path_of(model, "add"), path_of(model, "change", row.pk)]
        paths += [path_of(model, "history", row.pk)]
    client = ours[IntegrationClient]
    key, _ = factories.key(client)
    issue = f"/admin/integrations/integrationclient/{client.pk}/keys/"
    paths += [f"{issue}issue/", f"{issue}{key.pk}/rotate/", f"{issue}{key.pk}/revoke/"]

    pages = {path: operator.get(path).content.decode() for path in paths}
    pages["login"] = Client().get("/admin/login/").content.decode()
    pages["secret"] = operator.post(f"{issue}issue/").content.decode()

    assert {path: LOADED.findall(page) for path, page in pages.items() if LOADED.search(page)} == {}


def test_our_styles_and_scripts_load_nothing_from_elsewhere() -> None:
    files = [path for path in STATIC.iterdir() if path.suffix in {".css", ".js"}]

    assert len(files) >= 3
    for path in files:
        assert re.findall(r"https?://", path.read_text()) == []


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "q=" + "9" * 40,
        "q=%F0%9F%98%80",
        "p=99999999",
        "p=x",
        "o=1.2",
        "id__exact=abc",
        "nonsense=1",
        "e=1",
    ],
)
def test_odd_queries_are_answered_without_a_server_error(query: str, operator: Client) -> None:
    for model in registered():
        assert operator.get(f"{path_of(model, 'changelist')}?{query}", follow=True).status_code == 200, model


@pytest.mark.parametrize("object_id", ["0", "-1", "abc", "9" * 40, "1_2F2"])
def test_odd_ids_are_answered_without_a_server_error(object_id: str, operator: Client) -> None:
    for model in registered():
        assert operator.get(path_of(model, "change", object_id), follow=True).status_code == 200, model


def test_the_login_page_takes_the_address_in_any_case(tenant: Tenant) -> None:
    add_member(tenant=tenant, email="anna@x.example", role=Role.ADMIN, password="correct horse")

    answer = Client().post("/admin/login/", {"username": "Anna@X.example", "password": "correct horse"})

    assert answer.status_code == 302
