"""What is refused, by which name: one line for each."""

from typing import Any
from urllib.parse import quote

import pytest

from integrations.models import IntegrationClient
from tests.api import Api
from tests.imports.sending import assert_error_shape
from tests.webhooks import rows
from tests.webhooks.api.calling import DELIVERIES, LIST, TYPES, URL, faults, subscribed, wish
from webhooks.models import Delivery, Subscription

pytestmark = pytest.mark.django_db

# What is sent, and path and code of the fault; these hold for new subscriptions and for changes.
SUBSCRIPTION: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "null url": ({"url": None}, [("url", "null")]),
    "blank url": ({"url": " "}, [("url", "blank")]),
    "number as url": ({"url": 5}, [("url", "invalid")]),
    "long url": ({"url": URL + "x" * 2000}, [("url", "max_length")]),
    "no scheme": ({"url": "erp.example.com/x"}, [("url", "url_not_allowed")]),
    "http": ({"url": "http://erp.example.com/x"}, [("url", "url_not_allowed")]),
    "ftp": ({"url": "ftp://erp.example.com/x"}, [("url", "url_not_allowed")]),
    "port": ({"url": "https://erp.example.com:8080/"}, [("url", "url_not_allowed")]),
    "user name": ({"url": "https://me:pw@erp.example.com/"}, [("url", "url_not_allowed")]),
    "fragment": ({"url": "https://erp.example.com/#x"}, [("url", "url_not_allowed")]),
    "loopback": ({"url": "https://127.0.0.1/"}, [("url", "address_not_allowed")]),
    "metadata": ({"url": "https://169.254.169.254/"}, [("url", "address_not_allowed")]),
    "hex loopback": ({"url": "https://0x7f.1/"}, [("url", "address_not_allowed")]),
    "localhost": ({"url": "https://localhost/"}, [("url", "address_not_allowed")]),
    "long description": ({"description": "x" * 201}, [("description", "max_length")]),
    "list as description": ({"description": []}, [("description", "invalid")]),
    "null types": ({"eventTypes": None}, [("eventTypes", "null")]),
    "no types": ({"eventTypes": []}, [("eventTypes", "min_length")]),
    "text as types": ({"eventTypes": "target.*"}, [("eventTypes", "not_a_list")]),
    "object as types": ({"eventTypes": {"a": 1}}, [("eventTypes", "not_a_list")]),
    "too many types": ({"eventTypes": ["target.*"] * 51}, [("eventTypes", "max_length")]),
    "unknown type": ({"eventTypes": ["target.*", "target.gone"]}, [("eventTypes.1", "invalid_choice")]),
    "two unknown": (
        {"eventTypes": ["x", "target.*", "y"]},
        [("eventTypes.0", "invalid_choice"), ("eventTypes.2", "invalid_choice")],
    ),
    "everything": ({"eventTypes": ["*"]}, [("eventTypes.0", "invalid_choice")]),
    "unknown noun": ({"eventTypes": ["invoice.*"]}, [("eventTypes.0", "invalid_choice")]),
    "half a pattern": ({"eventTypes": ["target.im*"]}, [("eventTypes.0", "invalid_choice")]),
    "bare noun": ({"eventTypes": ["target"]}, [("eventTypes.0", "invalid_choice")]),
    "capitals": ({"eventTypes": ["Target.imported"]}, [("eventTypes.0", "invalid_choice")]),
    "number as type": ({"eventTypes": ["target.*", 5]}, [("eventTypes.1", "invalid")]),
    "null as type": ({"eventTypes": [None]}, [("eventTypes.0", "null")]),
    "blank type": ({"eventTypes": [""]}, [("eventTypes.0", "blank")]),
    "long type": ({"eventTypes": ["x" * 65]}, [("eventTypes.0", "max_length")]),
    "word as active": ({"active": "yes"}, [("active", "invalid")]),
    "null active": ({"active": None}, [("active", "null")]),
    "list as options": ({"payloadOptions": []}, [("payloadOptions", "invalid")]),
    "number as option": (
        {"payloadOptions": {"contactDetails": 1, "summaryPreview": "true"}},
        [("payloadOptions.contactDetails", "invalid"), ("payloadOptions.summaryPreview", "invalid")],
    ),
    "several at once": (
        {"url": 1, "eventTypes": [], "active": 0},
        [("url", "invalid"), ("eventTypes", "min_length"), ("active", "invalid")],
    ),
}


@pytest.mark.parametrize("case", SUBSCRIPTION)
def test_a_bad_member_is_named_and_nothing_happens(api: Api, erp: IntegrationClient, case: str) -> None:
    members, expected = SUBSCRIPTION[case]
    known = rows.subscription(erp)
    assert faults(api.post(LIST, wish(**members))) == expected
    assert faults(api.patch(f"{LIST}/{known.pk}", members)) == expected
    stored = Subscription.objects.get()
    assert (stored.url, stored.event_types, stored.active) == (known.url, known.event_types, True)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, [("url", "required"), ("eventTypes", "required")]),
        ({"url": URL}, [("eventTypes", "required")]),
        ([], [("", "not_an_object")]),
        ("x", [("", "not_an_object")]),
        (None, [("", "not_an_object")]),
    ],
)
def test_a_new_subscription_needs_url_and_event_types(
    api: Api, body: Any, expected: list[tuple[str, str]]
) -> None:
    assert faults(api.post(LIST, body)) == expected


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("target.importd", "Did you mean target.imported?"),
        ("visit-report.approved", "Did you mean visit_report.approved?"),
        ("targets.*", "Did you mean target.*?"),
        ("zzz", "GET /webhooks/event-types lists them."),
    ],
)
def test_an_unknown_event_type_is_refused_with_a_hint(api: Api, name: str, hint: str) -> None:
    answer = api.post(LIST, wish(eventTypes=[name]))
    assert hint in assert_error_shape(answer)["details"][0]["message"]


def test_the_refusal_of_an_address_never_says_which(api: Api) -> None:
    answer = api.post(LIST, wish(url="https://10.1.2.3/"))
    assert faults(answer) == [("url", "address_not_allowed")]
    assert "10.1" not in answer.content.decode()


OVERLAPS = [
    (-1, "min_value"),
    (604_801, "max_value"),
    (1.5, "invalid"),
    ("60", "invalid"),
    (True, "invalid"),
    ([], "invalid"),
]


@pytest.mark.parametrize(("overlap", "code"), OVERLAPS)
def test_a_bad_overlap_is_refused(api: Api, overlap: Any, code: str) -> None:
    known = subscribed(api)
    answer = api.post(f"{LIST}/{known['id']}/rotate-secret", {"overlapSeconds": overlap})
    assert faults(answer) == [("overlapSeconds", code)]
    assert Subscription.objects.get().secret == known["secret"]


TESTS = [
    ({"eventType": "x"}, "eventType", "invalid_choice"),
    ({"eventType": "target.*"}, "eventType", "invalid_choice"),
    ({"eventType": 5}, "eventType", "invalid"),
    ({"eventType": ""}, "eventType", "blank"),
    ([], "", "not_an_object"),
]


@pytest.mark.parametrize(("body", "path", "code"), TESTS)
def test_a_bad_test_is_refused(api: Api, body: Any, path: str, code: str) -> None:
    known = subscribed(api)
    assert faults(api.post(f"{LIST}/{known['id']}/test", body)) == [(path, code)]
    assert not Delivery.objects.exists()


SINCE = "2026-07-01T00:00:00Z"
REPLAYS: list[tuple[Any, str, str]] = [
    ({}, "since", "required"),
    ({"since": None}, "since", "null"),
    ({"since": "2026-07-01"}, "since", "invalid"),
    ({"since": "2026-07-01T00:00:00"}, "since", "timezone_required"),
    ({"since": 5}, "since", "invalid"),
    ({"since": SINCE, "until": "tomorrow"}, "until", "invalid"),
    ({"since": SINCE, "until": SINCE}, "until", "invalid"),
    ({"since": SINCE, "until": "2026-06-30T00:00:00Z"}, "until", "invalid"),
    ({"since": "9000-01-01T00:00:00Z"}, "since", "invalid"),
    ({"since": SINCE, "statuses": []}, "statuses", "min_length"),
    ({"since": SINCE, "statuses": "Failed"}, "statuses", "not_a_list"),
    ({"since": SINCE, "statuses": ["Failed", "failed"]}, "statuses.1", "invalid_choice"),
    ({"since": SINCE, "statuses": [None]}, "statuses.0", "null"),
    (None, "", "not_an_object"),
]


@pytest.mark.parametrize(("body", "path", "code"), REPLAYS)
@pytest.mark.parametrize("query", ["", "?validateOnly=true"])
def test_a_bad_replay_is_refused(api: Api, body: Any, path: str, code: str, query: str) -> None:
    known = subscribed(api)
    assert faults(api.post(f"{LIST}/{known['id']}/replay{query}", body)) == [(path, code)]


def test_a_bad_flag_is_refused(api: Api) -> None:
    known = subscribed(api)
    answer = api.post(f"{LIST}/{known['id']}/replay?validateOnly=1", {"since": SINCE})
    assert faults(answer) == [("query.validateOnly", "invalid")]


QUERIES = [
    (LIST, "active=true", "active", "unknown_parameter"),
    (LIST, "pageSize=0", "pageSize", "invalid"),
    (LIST, "cursor=x", "cursor", "invalid"),
    (TYPES, "pageSize=5", "pageSize", "unknown_parameter"),
    (DELIVERIES, "subscriptionId=abc", "subscriptionId", "invalid"),
    (DELIVERIES, "subscriptionId=-1", "subscriptionId", "invalid"),
    (DELIVERIES, f"subscriptionId={2**63}", "subscriptionId", "invalid"),
    (DELIVERIES, "subscriptionId=", "subscriptionId", "blank"),
    (DELIVERIES, "subscriptionId=%00", "subscriptionId", "invalid"),
    (DELIVERIES, "eventId=abc", "eventId", "invalid"),
    (DELIVERIES, "eventId=del_01JZ8A2N5RM1A6D2ZJX0TQ4E7K", "eventId", "invalid"),
    (DELIVERIES, "eventType=target.*", "eventType", "invalid"),
    (DELIVERIES, "status=delivered", "status", "invalid"),
    (DELIVERIES, "status=Failed&status=Pending", "status", "repeated"),
    (DELIVERIES, "correlationId=", "correlationId", "blank"),
    (DELIVERIES, "createdFrom=today", "createdFrom", "invalid"),
    (DELIVERIES, "createdTo=2026-07-01T00:00:00", "createdTo", "invalid"),
    (DELIVERIES, "client=1", "client", "unknown_parameter"),
]


@pytest.mark.parametrize(("path", "query", "name", "code"), QUERIES)
def test_a_bad_parameter_is_named(api: Api, path: str, query: str, name: str, code: str) -> None:
    assert faults(api.get(f"{path}?{query}")) == [(f"query.{name}", code)]


@pytest.mark.parametrize("known", ["0", "99999999", "abc", "-1", "1.0", str(2**63), "٣"])
def test_what_is_no_subscription_is_not_found(api: Api, known: str) -> None:
    path = f"{LIST}/{quote(known)}"
    answers = [
        api.get(path),
        api.patch(path, {}),
        api.delete(path),
        api.post(f"{path}/rotate-secret"),
        api.delete(f"{path}/previous-secret"),
        api.post(f"{path}/test"),
        api.post(f"{path}/replay", {"since": SINCE}),
    ]
    assert [faults(answer, status=404, code="not_found") for answer in answers] == [[]] * 7


@pytest.mark.parametrize(
    "known",
    [
        "0",
        "abc",
        "del_",
        "del_0",
        "del_00000000000000000000000000",
        "del_ZZZZZZZZZZZZZZZZZZZZZZZZZZ",
        "del_7ZZZZZZZZZZZZZZZZZZZZZZZZZ",
        "del_٣٣٣٣٣٣٣٣٣٣٣٣٣٣٣٣٣٣٣٣٣٣٣٣٣٣",
        "evt_00000000000000000000000000",
        "00000000-0000-0000-0000-000000000000",
        "del_" + "0" * 300,
    ],
)
def test_what_is_no_delivery_is_not_found(api: Api, known: str) -> None:
    for answer in (
        api.get(f"{DELIVERIES}/{quote(known)}"),
        api.post(f"{DELIVERIES}/{quote(known)}/redeliver"),
    ):
        assert faults(answer, status=404, code="not_found") == []


def test_an_event_id_names_no_delivery(api: Api, erp: IntegrationClient) -> None:
    delivery = rows.delivery(rows.subscription(erp), rows.event(erp))
    same_number = delivery.public_id.replace("del_", "evt_")
    assert api.get(f"{DELIVERIES}/{delivery.public_id}").status_code == 200
    assert api.get(f"{DELIVERIES}/{same_number}").status_code == 404
    assert api.get(f"{DELIVERIES}/{delivery.event.public_id}").status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("put", "/webhooks/subscriptions", "GET, POST, HEAD"),
        ("post", "/webhooks/subscriptions/1", "GET, PATCH, DELETE, HEAD"),
        ("get", "/webhooks/subscriptions/1/rotate-secret", "POST"),
        ("get", "/webhooks/subscriptions/1/previous-secret", "DELETE"),
        ("delete", "/webhooks/deliveries/x", "GET, HEAD"),
        ("post", "/webhooks/event-types", "GET, HEAD"),
    ],
)
def test_other_methods_are_refused(api: Api, method: str, path: str, allow: str) -> None:
    headers = {"Authorization": f"Bearer {api.secret}"}
    answer = getattr(api.http, method)("/api/connect/v1" + path, headers=headers)
    assert faults(answer, status=405, code="method_not_allowed") == []
    assert answer.headers["Allow"] == allow


def test_no_status_at_all_is_told_what_would_be_right(api: Api, erp: IntegrationClient) -> None:
    subscription = rows.subscription(erp)
    answer = api.post(f"/webhooks/subscriptions/{subscription.pk}/replay", {"since": SINCE, "statuses": []})
    [detail] = answer.json()["error"]["details"]
    assert detail["message"] == "Must name at least one status; leave it out for Failed and Cancelled."
