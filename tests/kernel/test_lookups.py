import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ordinavo.tenants.models import Tenant
from tests import factories

pytestmark = pytest.mark.django_db


def test_texts_are_found_among_any_number_of_them_with_one_parameter() -> None:
    tenants = [factories.tenant(name=name) for name in ("a", "ä\"{},\\'", "")]
    wanted = [tenant.slug for tenant in tenants[:2]]
    with CaptureQueriesContext(connection) as captured:
        found = Tenant.objects.filter(slug__among=[*wanted, *(f"no-{number}" for number in range(1000))])
        assert list(found.order_by("id")) == tenants[:2]
    assert "= ANY(" in captured[0]["sql"]
    assert list(Tenant.objects.filter(name__among=["ä\"{},\\'"])) == [tenants[1]]
    assert list(Tenant.objects.filter(name__among=[""])) == [tenants[2]]


def test_ids_are_found_among_ids() -> None:
    first, second, third = (factories.tenant() for _ in range(3))
    assert set(Tenant.objects.filter(id__among=[first.pk, third.pk, 2**62])) == {first, third}
    assert set(Tenant.objects.exclude(id__among=[first.pk, third.pk])) == {second}


@pytest.mark.parametrize("lookup", ["id__among", "slug__among"])
def test_nothing_is_found_among_nothing(lookup: str) -> None:
    factories.tenant()
    assert not Tenant.objects.filter(**{lookup: []}).exists()


def test_a_tuple_and_a_set_will_do() -> None:
    tenant = factories.tenant()
    assert Tenant.objects.filter(slug__among=(tenant.slug,)).exists()
    assert Tenant.objects.filter(slug__among={tenant.slug}).exists()


def test_a_word_stands_in_the_statement_itself(tenant: Tenant) -> None:
    rows = Tenant.objects.filter(country__word="DE")

    assert "\"country\" = 'DE'" in str(rows.query)
    assert rows.filter(pk=tenant.pk).exists()
    assert not Tenant.objects.filter(country__word="FR").exists()


@pytest.mark.parametrize("text", ["", "DE'", "D E", "DE;", "%s", "D\u00c9", "DE\n", "1"])
def test_nothing_but_a_word_gets_into_a_statement(text: str) -> None:
    with pytest.raises(ValueError, match="is no word"):
        str(Tenant.objects.filter(country__word=text).query)
