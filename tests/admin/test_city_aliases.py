"""City aliases are taught by hand: checked with a sentence, audited, and each tenant's own."""

from typing import Any

import pytest
from django.test import Client

from customers import cities
from customers.models import CityAlias
from ordinavo.tenants.models import AuditEntry, Role, Tenant
from tests import factories
from tests.admin.conftest import LogIn
from tests.admin.world import path_of

LIST, ADD = path_of(CityAlias, "changelist"), path_of(CityAlias, "add")


@pytest.fixture
def manager(log_in: LogIn) -> Client:
    return log_in(Role.MANAGER)


def stored(tenant: Tenant, alias: str = "Cologne", city: str = "Köln") -> CityAlias:
    row = CityAlias(tenant=tenant, alias=alias, city=city)
    row.full_clean()
    row.save()
    return row


def refusals(answer: Any) -> list[str]:
    form = answer.context["adminform"].form
    return [str(text) for texts in form.errors.values() for text in texts]


def test_an_alias_is_added_with_its_keys_and_who_did_it(tenant: Tenant, manager: Client) -> None:
    assert manager.post(ADD, {"alias": " Köln-Deutz ", "city": "KÖLN"}).status_code == 302

    row = CityAlias.objects.get()
    assert (row.tenant, row.alias, row.alias_key, row.city, row.city_key) == (
        tenant,
        "Köln-Deutz",
        "kolndeutz",
        "KÖLN",
        "koln",
    )
    entry = AuditEntry.objects.get(action="cityalias.added")
    assert (entry.tenant, entry.actor, entry.subject_id) == (tenant, row.created_by, row.pk)


def test_changing_and_deleting_keep_the_keys_in_step_and_are_audited(tenant: Tenant, manager: Client) -> None:
    row = stored(tenant)

    assert manager.post(path_of(CityAlias, "change", row.pk), {"alias": "Bönn", "city": "Bonn am Rhein"})
    row.refresh_from_db()
    assert (row.alias_key, row.city_key) == ("bonn", "bonnamrhein")
    assert manager.post(path_of(CityAlias, "delete", row.pk), {"post": "yes"}).status_code == 302

    assert not CityAlias.objects.exists()
    actions = AuditEntry.objects.filter(subject_type="customers.cityalias").order_by("pk")
    assert list(actions.values_list("action", flat=True)) == ["cityalias.changed", "cityalias.deleted"]


@pytest.mark.parametrize(
    ("alias", "city", "refusal"),
    [
        ("COLOGNE", "Bonn", "This name stands for a city already."),
        ("Koeln", "Köln", "Both names are read alike without an alias."),
        ("Köln (Deutz)", "Köln", "Both names are read alike without an alias."),
        ("…", "Köln", "Write a name with letters or digits."),
        ("Deutz", "🙂", "Write a name with letters or digits."),
        ("", "Köln", "This field is required."),
        ("x" * 101, "Köln", "Ensure this value has at most 100 characters (it has 101)."),
    ],
)
def test_what_would_mean_nothing_is_refused_with_a_sentence(
    alias: str, city: str, refusal: str, tenant: Tenant, manager: Client
) -> None:
    stored(tenant)

    answer = manager.post(ADD, {"alias": alias, "city": city})

    assert (answer.status_code, refusals(answer)) == (200, [refusal])
    assert CityAlias.objects.count() == 1


def test_letters_that_are_many_once_taken_apart_are_no_server_error(manager: Client) -> None:
    assert manager.post(ADD, {"alias": "\ufdfa" * 100, "city": "Köln"}).status_code == 302


def test_the_same_alias_of_another_tenant_is_no_hindrance_and_not_to_be_seen(manager: Client) -> None:
    stored(factories.tenant(), city="Theircity")

    assert manager.post(ADD, {"alias": "Cologne", "city": "Köln"}).status_code == 302
    assert "Theircity" not in manager.get(LIST).content.decode()


def test_a_tenant_keeps_a_bounded_number(
    tenant: Tenant, manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cities, "MOST_CITY_ALIASES", 1)
    row = stored(tenant)

    answer = manager.post(ADD, {"alias": "Deutz", "city": "Köln"})

    assert refusals(answer) == ["No more than 1 city aliases can be kept."]
    change = manager.post(path_of(CityAlias, "change", row.pk), {"alias": "Colonia", "city": "Köln"})
    assert change.status_code == 302


def test_aliases_are_found_by_either_name_in_any_spelling(tenant: Tenant, manager: Client) -> None:
    row, other = stored(tenant), stored(tenant, "Essen-Kettwig", "Essen")
    for term, found in (("KOELN", row), ("colog", row), ("Essen - Kettwig", other)):
        page = manager.get(LIST, {"q": term}).content.decode()
        shown = [one for one in (row, other) if path_of(CityAlias, "change", one.pk) in page]
        assert shown == [found], term


@pytest.mark.parametrize("role", [Role.DISPATCHER, Role.SUPPORT])
def test_others_may_look_and_not_teach(role: Role, tenant: Tenant, log_in: LogIn) -> None:
    row, browser = stored(tenant), log_in(role)

    assert browser.get(LIST).status_code == 200
    assert browser.get(ADD).status_code == 403
    assert browser.post(path_of(CityAlias, "change", row.pk), {"alias": "A", "city": "B"}).status_code == 403
    assert browser.post(path_of(CityAlias, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert CityAlias.objects.get().alias == "Cologne"
