"""Pages as every list uses them, on a list of tenants in both orders."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from ordinavo.kernel.errors import ValidationFailed
from ordinavo.kernel.pagination import page_of
from ordinavo.tenants.models import Tenant
from tests import factories

pytestmark = pytest.mark.django_db

KEYS = ("created_at", "id")


@pytest.fixture
def names() -> list[str]:
    """Seven tenants, of which three came at the same instant."""
    now = timezone.now()
    rows = [factories.tenant(name=str(number)) for number in range(7)]
    Tenant.objects.filter(pk__in=[row.pk for row in rows[2:5]]).update(created_at=now)
    return list(Tenant.objects.order_by(*KEYS).values_list("name", flat=True))


def _page(path: str, *, keys: tuple[str, ...] = KEYS, descending: bool = False) -> dict[str, Any]:
    request = Request(APIRequestFactory().get(path))
    page = page_of(
        request,
        Tenant.objects.all(),
        keys=keys,
        descending=descending,
        render=lambda row: {"name": row.name},
    )
    return {**page, "results": [row["name"] for row in page["results"]]}


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("size", [1, 2, 3, 6, 7, 8])
def test_pages_cover_everything_once_there_and_back(names: list[str], descending: bool, size: int) -> None:
    expected = names[::-1] if descending else names
    page = _page(f"/list?pageSize={size}&x=1", descending=descending)
    assert page["previous"] is None
    there = [page["results"]]
    while page["next"]:
        page = _page(page["next"], descending=descending)
        there.append(page["results"])
    assert [name for results in there for name in results] == expected
    assert {len(results) for results in there[:-1]} <= {size}
    back = [page["results"]]
    while page["previous"]:
        page = _page(page["previous"], descending=descending)
        assert page["next"] is not None
        back.insert(0, page["results"])
    assert [name for results in back for name in results] == expected


def test_links_keep_the_other_parameters(names: list[str]) -> None:
    link = _page("/list?pageSize=2&status=a%26b&externalId=%2B")["next"]
    query = parse_qs(urlsplit(link).query)
    assert urlsplit(link).path == "/list"
    assert (query["pageSize"], query["status"], query["externalId"]) == (["2"], ["a&b"], ["+"])


def test_an_empty_list_has_no_links() -> None:
    assert _page("/list") == {"results": [], "next": None, "previous": None}


def test_rows_that_come_or_go_between_two_pages_move_no_other(names: list[str]) -> None:
    first = _page("/list?pageSize=3")
    Tenant.objects.filter(name=first["results"][-1]).delete()
    factories.tenant(name="new")
    second = _page(first["next"])
    assert second["results"] == names[3:6]
    assert _page(second["next"])["results"] == [names[6], "new"]


def test_the_end_of_a_list_that_has_vanished_is_an_empty_page(names: list[str]) -> None:
    link = _page("/list?pageSize=6")["next"]
    Tenant.objects.filter(name=names[6]).delete()
    assert _page(link) == {"results": [], "next": None, "previous": None}


@pytest.mark.parametrize("keys", [("id",), ("id", "created_at")])
def test_a_cursor_is_good_for_its_own_path_and_order_only(names: list[str], keys: tuple[str, ...]) -> None:
    link = _page("/list?pageSize=2")["next"]
    for path, order in ((link.replace("/list", "/other"), KEYS), (link, keys)):
        with pytest.raises(ValidationFailed) as refused:
            _page(path, keys=order)
        assert [(one.path, one.code) for one in refused.value.details] == [("query.cursor", "invalid")]


def test_a_page_costs_one_statement(names: list[str], django_assert_num_queries: Any) -> None:
    link = _page("/list?pageSize=2")["next"]
    with django_assert_num_queries(1):
        _page(link)
