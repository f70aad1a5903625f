"""Subscriptions: create, read, change, delete."""

import re
from base64 import b64decode

import pytest
from django.utils import timezone

from integrations.models import Feature, IntegrationClient
from ordinavo.tenants.models import AuditEntry
from tests.api import BASE, Api
from tests.webhooks import rows
from tests.webhooks.api.calling import LIST, URL, changed, faults, read, subscribed, wish
from webhooks.models import Delivery, Subscription
from webhooks.services import subscriptions as service

pytestmark = pytest.mark.django_db


def billing(client: IntegrationClient) -> None:
    client.features = [Feature.BILLING_WEBHOOKS.value]
    client.save()


# --- Create and read ---------------------------------------------------------------------------------------


def test_a_new_subscription_is_told_in_full_with_its_secret_this_once(api: Api) -> None:
    answer = api.post(LIST, wish(description=" ERP ", payloadOptions={"contactDetails": True}))
    body = answer.json()
    row = Subscription.objects.get()
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"{BASE}{LIST}/{row.pk}"
    secret = body.pop("secret")
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", secret)
    assert len(b64decode(secret.removeprefix("whsec_"))) == 32
    assert row.secret == secret
    assert secret.encode() not in bytes(row.secret_token)
    assert body == {
        "id": row.pk,
        "url": URL,
        "description": "ERP",
        "eventTypes": ["target.*"],
        "active": True,
        "disabledReason": None,
        "disabledAt": None,
        "payloadOptions": {
            "customerContext": True,
            "contactDetails": True,
            "summaryPreview": False,
            "billingDetails": False,
        },
        "previousSecretExpiresAt": None,
        "failureStreak": 0,
        "failingSince": None,
        "lastSuccessAt": None,
        "createdAt": row.created_at.isoformat().replace("+00:00", "Z"),
        "updatedAt": row.updated_at.isoformat().replace("+00:00", "Z"),
    }
    assert read(api, row.pk) == body
    assert api.get(LIST).json() == {"results": [body], "next": None, "previous": None}


def test_what_is_null_or_absent_has_its_default(api: Api) -> None:
    body = subscribed(api, description=None, payloadOptions={"customerContext": None})
    assert body["description"] == ""
    assert body["payloadOptions"] == {
        "customerContext": True,
        "contactDetails": False,
        "summaryPreview": False,
        "billingDetails": False,
    }
    assert subscribed(api, payloadOptions=None)["payloadOptions"] == body["payloadOptions"]


def test_unknown_and_read_only_members_are_ignored(api: Api) -> None:
    body = subscribed(api, id=999, secret="mine", createdAt="x", payloadOptions={"colour": "red"}, more={})
    assert body["id"] != 999
    assert body["secret"] != "mine"


def test_event_types_keep_their_order_and_stand_once(api: Api) -> None:
    wanted = ["visit_report.*", "target.imported", "visit_report.*", "webhook.test"]
    assert subscribed(api, eventTypes=wanted)["eventTypes"] == [
        "visit_report.*",
        "target.imported",
        "webhook.test",
    ]


def test_a_subscription_can_be_born_paused(api: Api) -> None:
    body = subscribed(api, active=False)
    assert (body["active"], body["disabledReason"]) == (False, "paused")
    assert body["disabledAt"] is not None


def test_subscriptions_come_newest_first_in_pages(api: Api) -> None:
    made = [subscribed(api)["id"] for _ in range(3)]
    first = api.get(f"{LIST}?pageSize=2").json()
    assert [one["id"] for one in first["results"]] == [made[2], made[1]]
    second = api.get(first["next"].removeprefix(BASE)).json()
    assert [one["id"] for one in second["results"]] == [made[0]]
    assert second["next"] is None


def test_a_client_may_have_so_many_subscriptions_and_deleted_ones_make_room(
    api: Api, erp: IntegrationClient
) -> None:
    made = [rows.subscription(erp) for _ in range(service.MOST_SUBSCRIPTIONS)]
    assert faults(api.post(LIST, wish()), status=409, code="conflict") == []
    assert Subscription.objects.count() == service.MOST_SUBSCRIPTIONS
    assert api.delete(f"{LIST}/{made[0].pk}").status_code == 204
    subscribed(api)


# --- Features ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("members", "paths"),
    [
        ({"eventTypes": ["target.*", "billing.event_ready"]}, ["eventTypes.1"]),
        ({"eventTypes": ["billing.*", "billing.event_sent"]}, ["eventTypes.0", "eventTypes.1"]),
        ({"payloadOptions": {"billingDetails": True}}, ["payloadOptions.billingDetails"]),
    ],
)
def test_billing_needs_the_feature(
    api: Api, erp: IntegrationClient, members: dict[str, object], paths: list[str]
) -> None:
    known = subscribed(api)
    expected = [(path, "feature_disabled") for path in paths]
    assert faults(api.post(LIST, wish(**members)), status=403, code="feature_disabled") == expected
    answer = api.patch(f"{LIST}/{known['id']}", members)
    assert faults(answer, status=403, code="feature_disabled") == expected
    assert Subscription.objects.count() == 1
    billing(erp)
    subscribed(api, **members)
    changed(api, known["id"], **members)


def test_a_client_that_lost_the_feature_can_still_change_the_rest(api: Api, erp: IntegrationClient) -> None:
    billing(erp)
    known = subscribed(api, eventTypes=["billing.*"], payloadOptions={"billingDetails": True})
    erp.features = []
    erp.save()
    after = changed(api, known["id"], description="x", payloadOptions={"billingDetails": False})
    assert (after["eventTypes"], after["payloadOptions"]["billingDetails"]) == (["billing.*"], False)


# --- Change ------------------------------------------------------------------------------------------------


def test_a_change_of_nothing_changes_and_notes_nothing(api: Api) -> None:
    before = subscribed(api)
    del before["secret"]
    noted = AuditEntry.objects.count()
    assert changed(api, before["id"]) == before
    assert changed(api, before["id"], url=URL, active=True, description=None) == before
    assert AuditEntry.objects.count() == noted


def test_what_is_sent_changes_and_the_rest_stays(api: Api) -> None:
    known = subscribed(api, description="old", payloadOptions={"summaryPreview": True})
    after = changed(api, known["id"], eventTypes=["import_job.completed"], description="new")
    assert (after["eventTypes"], after["description"]) == (["import_job.completed"], "new")
    assert (after["url"], after["payloadOptions"]) == (URL, known["payloadOptions"])
    assert after["updatedAt"] > known["updatedAt"]
    assert read(api, known["id"]) == after


def test_payload_options_merge_by_member_and_null_brings_defaults_back(api: Api) -> None:
    known = subscribed(api, payloadOptions={"customerContext": False, "contactDetails": True})
    merged = changed(api, known["id"], payloadOptions={"summaryPreview": True, "contactDetails": None})
    assert merged["payloadOptions"] == {
        "customerContext": False,
        "contactDetails": False,
        "summaryPreview": True,
        "billingDetails": False,
    }
    cleared = changed(api, known["id"], payloadOptions=None)["payloadOptions"]
    assert cleared == {
        "customerContext": True,
        "contactDetails": False,
        "summaryPreview": False,
        "billingDetails": False,
    }


def test_a_pause_cancels_what_is_open_and_keeps_what_has_ended(api: Api, erp: IntegrationClient) -> None:
    known = Subscription.objects.get(id=subscribed(api)["id"])
    event = rows.event(erp)
    opened = [rows.delivery(known, event), rows.delivery(known, event, status="Retrying")]
    ended = rows.delivery(known, event, status="Delivered", due_at=None, finished_at=timezone.now())
    other = rows.delivery(rows.subscription(erp), event)

    after = changed(api, known.pk, active=False)

    assert (after["active"], after["disabledReason"]) == (False, "paused")
    assert after == read(api, known.pk)
    statuses = dict(Delivery.objects.values_list("id", "status"))
    assert [statuses[one.pk] for one in opened] == ["Cancelled", "Cancelled"]
    assert (statuses[ended.pk], statuses[other.pk]) == ("Delivered", "Pending")


@pytest.mark.parametrize("reason", ["paused", "gone", "failing"])
def test_activation_forgets_failures_and_sends_nothing(api: Api, erp: IntegrationClient, reason: str) -> None:
    now = timezone.now()
    known = rows.paused(
        erp, disabled_reason=reason, failing_since=now, failure_streak=9, circuit_open_until=now
    )
    missed = rows.delivery(known, rows.event(erp), status="Cancelled", due_at=None, finished_at=now)

    after = changed(api, known.pk, active=True)

    assert (after["active"], after["disabledReason"], after["disabledAt"]) == (True, None, None)
    assert (after["failureStreak"], after["failingSince"]) == (0, None)
    known.refresh_from_db()
    assert known.circuit_open_until is None
    assert Delivery.objects.get().status == "Cancelled"
    assert Delivery.objects.get().pk == missed.pk


def test_a_pause_keeps_the_reason_of_one_that_is_off_already(api: Api, erp: IntegrationClient) -> None:
    known = rows.paused(erp, disabled_reason="gone")
    assert changed(api, known.pk, active=False)["disabledReason"] == "gone"


def test_a_new_url_forgets_the_failures_of_the_old_one(api: Api, erp: IntegrationClient) -> None:
    now = timezone.now()
    failing = {"failing_since": now, "failure_streak": 3, "circuit_open_until": now}
    known = rows.subscription(erp, **failing)
    assert changed(api, known.pk, description="x", url=known.url)["failureStreak"] == 3
    assert changed(api, known.pk, url=URL)["failureStreak"] == 0
    known.refresh_from_db()
    assert (known.failing_since, known.circuit_open_until) == (None, None)


def test_a_refused_change_changes_nothing_at_all(api: Api) -> None:
    known = subscribed(api)
    answer = api.patch(f"{LIST}/{known['id']}", {"description": "new", "active": False, "eventTypes": ["x"]})
    assert faults(answer) == [("eventTypes.0", "invalid_choice")]
    assert read(api, known["id"])["description"] == ""
    assert read(api, known["id"])["active"] is True


# --- Delete ------------------------------------------------------------------------------------------------


def test_a_deleted_subscription_is_hidden_and_its_deliveries_stay_readable(
    api: Api, erp: IntegrationClient
) -> None:
    known = Subscription.objects.get(id=subscribed(api)["id"])
    delivery = rows.delivery(known, rows.event(erp))
    by_hand = rows.delivery(known, rows.event(erp), by_hand=True)

    gone = api.delete(f"{LIST}/{known.pk}")

    assert (gone.status_code, gone.content) == (204, b"")
    path = f"{LIST}/{known.pk}"
    answers = [
        api.get(path),
        api.patch(path, {"active": True}),
        api.delete(path),
        api.post(f"{path}/rotate-secret"),
        api.delete(f"{path}/previous-secret"),
        api.post(f"{path}/test"),
        api.post(f"{path}/replay", {"since": "2026-07-01T00:00:00Z"}),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert api.get(LIST).json()["results"] == []
    for one in (delivery, by_hand):
        assert api.get(f"/webhooks/deliveries/{one.public_id}").json()["status"] == "Cancelled"
    found = api.get(f"/webhooks/deliveries?subscriptionId={known.pk}").json()["results"]
    assert len(found) == 2


def test_changes_are_noted_without_secrets_and_urls(api: Api) -> None:
    known = subscribed(api, url=f"{URL}?token=hush")
    path = f"{LIST}/{known['id']}"
    changed(api, known["id"], url=f"{URL}?token=shush", description="x")
    changed(api, known["id"], active=False)
    changed(api, known["id"], active=True)
    rotated = api.post(f"{path}/rotate-secret").json()
    api.delete(f"{path}/previous-secret")
    api.post(f"{path}/test")
    api.delete(path)

    entries = list(AuditEntry.objects.order_by("id"))

    assert [entry.action for entry in entries] == [
        "webhook_subscription.created",
        "webhook_subscription.changed",
        "webhook_subscription.paused",
        "webhook_subscription.activated",
        "webhook_subscription.secret_rotated",
        "webhook_subscription.overlap_ended",
        "webhook_subscription.tested",
        "webhook_subscription.deleted",
    ]
    assert {(entry.subject_id, entry.actor_id) for entry in entries} == {(known["id"], None)}
    told = "".join(str(entry.details) for entry in entries)
    assert [word for word in ("hush", known["secret"], rotated["secret"]) if word in told] == []
    assert entries[1].details["fields"] == ["url", "description"]
