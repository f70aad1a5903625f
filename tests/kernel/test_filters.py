"""Filters as every list uses them, on a list of tenants."""

from typing import Any
from uuid import UUID

import django_filters
import pytest
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from ordinavo.kernel.errors import ValidationFailed
from ordinavo.kernel.filters import (
    FlagFilter,
    IdFilter,
    InstantFilter,
    OpaqueIdFilter,
    TextFilter,
    WordFilter,
    filtered,
)
from ordinavo.kernel.instants import MESSAGES, ZONE_MISSING
from ordinavo.kernel.openapi.parameters import filters_of
from ordinavo.kernel.ulids import new_ulid, shown_ulid
from ordinavo.tenants.models import Tenant
from tests import factories

pytestmark = pytest.mark.django_db

UNKNOWN = "This list has no such parameter; it knows cursor, name, pageSize, since, twin, zone."


class _Filters(django_filters.FilterSet):
    name = TextFilter("name", help_text="Name.")
    zone = WordFilter("time_zone", choices=[("UTC", "Universal"), ("Europe/Berlin", "B")], help_text="Zone.")
    since = InstantFilter("created_at", lookup_expr="gte", help_text="Since.")
    twin = FlagFilter("twin_of", lookup_expr="isnull", exclude=True, help_text="Twin.")


def _names(query: str) -> list[str]:
    rows = filtered(_Filters, _request(query), Tenant.objects.order_by("id"))
    return [tenant.name for tenant in rows]


def _request(query: str) -> Request:
    return Request(APIRequestFactory().get(f"/list?{query}"))


def _faults(query: str) -> list[tuple[str, str, str]]:
    with pytest.raises(ValidationFailed) as refused:
        _names(query)
    return [(detail.path, detail.code, detail.message) for detail in refused.value.details]


@pytest.fixture(autouse=True)
def _tenants() -> None:
    first = factories.tenant(name=" A ", time_zone="UTC")
    factories.tenant(name="A", time_zone="Europe/Berlin")
    factories.twin(first)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", [" A ", "A", " A  (test)"]),
        ("name=A", ["A"]),
        ("name=%20A%20", [" A "]),
        ("name=a", []),
        ("zone=UTC", [" A "]),
        ("zone=Europe/Berlin&name=A", ["A"]),
        ("twin=true", [" A  (test)"]),
        ("twin=false", [" A ", "A"]),
        ("since=2000-01-01T00:00:00Z&name=A", ["A"]),
        ("since=2000-01-01T00:00:00+02:00&name=A", ["A"]),
        ("since=2999-01-01T00:00:00Z", []),
        ("pageSize=1&cursor=x&name=A", ["A"]),
    ],
)
def test_rows_are_found(query: str, names: list[str]) -> None:
    assert _names(query) == names


@pytest.mark.parametrize(
    ("query", "faults"),
    [
        ("zone=utc", [("query.zone", "invalid", "Must be one of UTC, Europe/Berlin.")]),
        ("zone=Universal", [("query.zone", "invalid", "Must be one of UTC, Europe/Berlin.")]),
        ("twin=yes", [("query.twin", "invalid", "Must be true or false.")]),
        (
            "since=2026-07-01T00:00:00",
            [("query.since", "invalid", MESSAGES[ZONE_MISSING])],
        ),
        ("name=", [("query.name", "blank", "Must not be empty; leave it out.")]),
        ("name=A&name=A", [("query.name", "repeated", "Must stand once.")]),
        ("pageSize=1&pageSize=1", [("query.pageSize", "repeated", "Must stand once.")]),
        (
            "b=1&a=2&twin=x",
            [
                ("query.a", "unknown_parameter", UNKNOWN),
                ("query.b", "unknown_parameter", UNKNOWN),
                ("query.twin", "invalid", "Must be true or false."),
            ],
        ),
    ],
)
def test_bad_and_unknown_parameters_are_named_all_at_once(
    query: str, faults: list[tuple[str, str, str]]
) -> None:
    assert _faults(query) == faults


def test_the_description_follows_from_the_filters() -> None:
    described = [(one.name, one.type, one.description) for one in filters_of(_Filters)]
    text: dict[str, Any] = {"type": "string"}
    assert described[:4] == [
        ("name", text, "Name."),
        ("zone", text | {"enum": ["UTC", "Europe/Berlin"]}, "Zone."),
        ("since", text | {"format": "date-time"}, "Since."),
        ("twin", text | {"enum": ["true", "false"]}, "Twin."),
    ]
    assert [name for name, _, _ in described[4:]] == ["cursor", "pageSize"]


class _ByIds(django_filters.FilterSet):
    number = IdFilter("id", help_text="Number.")
    opaque = OpaqueIdFilter(method="by_opaque", prefix="evt", help_text="Opaque.")

    def by_opaque(self, rows: Any, name: str, value: UUID) -> Any:
        return rows.filter(name=str(value))


def _by_ids(query: str) -> list[int]:
    return [tenant.pk for tenant in filtered(_ByIds, _request(query), Tenant.objects.order_by("id"))]


def test_rows_are_found_by_their_ids() -> None:
    made = new_ulid()
    named = factories.tenant(name=str(made)).pk
    assert _by_ids(f"number={named}") == [named]
    assert _by_ids(f"number={2**63 - 1}") == []
    assert _by_ids(f"opaque={shown_ulid('evt', made)}") == [named]
    assert _by_ids(f"opaque={shown_ulid('evt', new_ulid())}") == []


@pytest.mark.parametrize("query", ["number=x", "number=-1", f"number={2**63}", "number=%D9%A3", "opaque=1"])
def test_what_is_no_id_is_refused(query: str) -> None:
    with pytest.raises(ValidationFailed) as refused:
        _by_ids(query)
    name = query.partition("=")[0]
    assert [(detail.path, detail.code) for detail in refused.value.details] == [(f"query.{name}", "invalid")]
