"""Generated JSON at the door: near-valid bodies, and never a 5xx."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.models import IntegrationClient
from targets.imports.models import ImportJob
from tests.api import Api
from tests.imports.sending import PATH, assert_error_shape

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.sampled_from([0, 1, -1, 1440, 32_767, 32_768, 2**31, 2**53, 0.001, 1e27, 1e300, -0.0, 5e-324]),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=12),
    st.sampled_from(["", " ", "\u0130", "\ufdfa" * 60, "x" * 129, "x" * 256, "\r\n", "%s", "{0}", "'"]),
)
JUNK = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
TEXT = st.text(min_size=1, max_size=20)
IDS = st.sampled_from(["A", "B", "b", " A", "\u00e4", "a\u0308"])
DAYS = st.dates().map(str) | st.sampled_from(["2026-02-29", "0001-01-01", "9999-12-31"])
INSTANTS = st.sampled_from(
    [
        "2026-07-01T08:00:00Z",
        "2026-07-01T09:00:00+01:00",
        "2026-07-01T14:00:00.5Z",
        "2026-07-01t14:00:00z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "2026-12-31T23:59:60Z",
    ]
)
EMAILS = st.emails() | st.sampled_from(["a@b.de", "A@B.DE", "a" * 120 + "@" + "\u00df" * 20 + ".de"])
PHONES = st.sampled_from(["+49 201 123456", "0201/123456", "+4922222222222222", "112", "tel:1;ext=2", "+999"])
NUMBERS = st.floats(-200, 200) | st.integers(-200, 200)


def _object(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Some of the members, each mostly of its kind, and now and then something else instead of it all."""
    near = {name: st.one_of(value, value, value, JUNK) for name, value in members.items()}
    right = st.fixed_dictionaries({}, optional=near)
    with_more = st.builds(
        lambda known, more: {**more, **known}, right, st.dictionaries(TEXT, JUNK, max_size=2)
    )
    return st.one_of(right, right, with_more, JUNK)


PRIORITIES = st.sampled_from(["Low", "Normal", "HIGH", "urgent", "medium", "mediu\u043c"])
MINUTES = st.integers(-1, 1500)
PLACE = {
    "street": TEXT,
    "postalCode": TEXT,
    "city": TEXT,
    "country": st.sampled_from(["DE", "de", "XX", "\u017fE", "Z Z"]),
    "latitude": NUMBERS,
    "longitude": NUMBERS,
}
TARGETS = st.fixed_dictionaries(
    {"externalId": st.one_of(IDS, IDS, IDS, JUNK), "title": st.one_of(TEXT, TEXT, TEXT, JUNK)},
    optional={
        "externalType": TEXT | JUNK,
        "sourceSystem": st.sampled_from(["logistics_erp", "crm"]) | JUNK,
        "operation": st.sampled_from(["upsert", "upsert", "create", "update", "cancel"]) | JUNK,
        "description": TEXT | JUNK,
        "templateKey": TEXT | JUNK,
        "customer": _object(
            externalId=IDS,
            customerNumber=IDS,
            name=TEXT,
            type=st.sampled_from(["Business", "Private"]),
            industry=TEXT,
            email=EMAILS,
            phone=PHONES,
            contactName=TEXT,
        ),
        "location": _object(
            externalId=IDS,
            name=TEXT,
            defaultEstimatedWorkMinutes=MINUTES,
            defaultPriority=PRIORITIES,
            accessNotes=TEXT,
            parkingNotes=TEXT,
            **PLACE,
        ),
        "contact": _object(externalId=IDS, displayName=TEXT, role=TEXT, email=EMAILS, phone=PHONES),
        "address": _object(**PLACE),
        "planning": _object(
            priority=PRIORITIES,
            estimatedWorkMinutes=MINUTES,
            dueDate=DAYS,
            dueAtUtc=INSTANTS,
            preferredTimeWindowStart=INSTANTS,
            preferredTimeWindowEnd=INSTANTS,
            timeWindowStartUtc=INSTANTS,
            timeWindowEndUtc=INSTANTS,
            routeDate=DAYS,
            fixedTime=st.booleans(),
        ),
        "businessValue": _object(
            expectedRevenue=st.decimals(0, 10_000, places=2).map(float),
            customerTier=TEXT,
            closeProbability=NUMBERS,
        ),
        "customFields": st.dictionaries(TEXT, SCALARS, max_size=4) | JUNK,
    },
)
MODEST = settings(
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.mark.parametrize("strategy", ["ExternalIdFirst", "ExternalIdThenCustomerNumber", "ManualOnly"])
def test_whatever_json_comes_the_answer_is_an_import_or_a_refusal_in_the_one_shape(
    api: Api, erp: IntegrationClient, strategy: str
) -> None:
    erp.mapping_strategy = strategy
    erp.mapping_fallbacks = ["customerNumber", "email", "phone"]
    erp.save()

    @MODEST
    @given(st.lists(TARGETS, min_size=1, max_size=3), st.booleans())
    def throw(bodies: list[Any], validate_only: bool) -> None:
        with transaction.atomic():
            for body in bodies:
                _judge(api.post(PATH + f"?validateOnly={str(validate_only).lower()}", body))
            transaction.set_rollback(True)

    throw()


@MODEST
@given(body=JUNK)
def test_any_json_value_is_answered_in_the_one_shape(api: Api, body: Any) -> None:
    with transaction.atomic():
        _judge(api.post(PATH, body))
        transaction.set_rollback(True)


@MODEST
@given(body=st.binary(max_size=40))
def test_any_bytes_are_answered_in_the_one_shape(api: Api, body: bytes) -> None:
    with transaction.atomic():
        _judge(api.post(PATH, body))
        transaction.set_rollback(True)


def _judge(answer: Any) -> None:
    if answer.status_code == 202:
        job = ImportJob.objects.get(pk=answer.json()["importJobId"])
        assert (job.status, job.pending_items, job.rejected_items) == ("Completed", 0, 0)
        return
    error = assert_error_shape(answer)
    assert answer.status_code in {400, 422}, answer.content
    if "importJobId" in error:
        assert ImportJob.objects.get(pk=error["importJobId"]).status == "Failed"
        assert error["details"]
