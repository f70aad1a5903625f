"""Rotation: which secrets sign, and for how long."""

from datetime import timedelta

import pytest
from django.utils import timezone

from integrations.models import IdempotencyRecord
from ordinavo.kernel.crypto import decrypt
from tests.api import Api
from tests.webhooks.api.calling import LIST, read, subscribed, wish
from webhooks.delivery.receivers import receiver_of
from webhooks.models import Subscription

pytestmark = pytest.mark.django_db


def signing(*, in_seconds: int = 0) -> tuple[str, ...]:
    """The secrets that sign, newest first."""
    now = timezone.now() + timedelta(seconds=in_seconds)
    return receiver_of(Subscription.objects.get(), now=now).secrets


@pytest.mark.parametrize("body", [None, {}, {"overlapSeconds": None}])
def test_a_rotation_lets_both_secrets_sign_for_a_day(api: Api, body: object) -> None:
    known = subscribed(api)
    answer = api.post(f"{LIST}/{known['id']}/rotate-secret", body)
    rotated = answer.json()
    row = Subscription.objects.get()
    assert answer.status_code == 200
    assert list(rotated) == list(known)
    assert rotated["secret"] != known["secret"]
    left = (row.previous_secret_expires_at or timezone.now()) - timezone.now()
    assert timedelta(seconds=86_390) < left <= timedelta(seconds=86_400)
    assert rotated["previousSecretExpiresAt"] == read(api, known["id"])["previousSecretExpiresAt"]
    assert signing() == (rotated["secret"], known["secret"])
    assert signing(in_seconds=86_401) == (rotated["secret"],)


def test_a_rotation_without_a_body_at_all_is_one(api: Api) -> None:
    known = subscribed(api)
    answer = api.post(f"{LIST}/{known['id']}/rotate-secret", b"")
    assert answer.status_code == 200
    assert signing() == (answer.json()["secret"], known["secret"])


def test_no_overlap_drops_the_old_secret_at_once(api: Api) -> None:
    known = subscribed(api)
    path = f"{LIST}/{known['id']}/rotate-secret"
    api.post(path)
    rotated = api.post(path, {"overlapSeconds": 0}).json()
    assert rotated["previousSecretExpiresAt"] is None
    assert signing() == (rotated["secret"],)
    assert Subscription.objects.get().previous_secret is None


def test_a_second_rotation_drops_the_oldest_secret(api: Api) -> None:
    known = subscribed(api)
    path = f"{LIST}/{known['id']}/rotate-secret"
    second = api.post(path, {"overlapSeconds": 604_800}).json()["secret"]
    third = api.post(path, {"overlapSeconds": 60}).json()["secret"]
    assert signing() == (third, second)


def test_the_overlap_can_be_ended_early_and_twice(api: Api) -> None:
    known = subscribed(api)
    rotated = api.post(f"{LIST}/{known['id']}/rotate-secret").json()
    for _ in range(2):
        answer = api.delete(f"{LIST}/{known['id']}/previous-secret")
        assert (answer.status_code, answer.content) == (204, b"")
    assert signing() == (rotated["secret"],)
    assert read(api, known["id"])["previousSecretExpiresAt"] is None


def test_an_overlap_that_has_passed_is_not_told(api: Api) -> None:
    known = subscribed(api)
    api.post(f"{LIST}/{known['id']}/rotate-secret")
    past = timezone.now() - timedelta(seconds=1)
    Subscription.objects.update(previous_secret_expires_at=past)
    assert read(api, known["id"])["previousSecretExpiresAt"] is None


def test_a_paused_subscription_can_be_rotated(api: Api) -> None:
    known = subscribed(api, active=False)
    rotated = api.post(f"{LIST}/{known['id']}/rotate-secret").json()
    assert (rotated["active"], signing()) == (False, (rotated["secret"], known["secret"]))


# --- Kept answers ------------------------------------------------------------------------------------------


def test_a_repeated_subscription_is_made_once_and_tells_the_same_secret(api: Api) -> None:
    first = api.post(LIST, wish(), Idempotency_Key="k")
    again = api.post(LIST, wish(), Idempotency_Key="k")
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["Location"] == first.headers["Location"]
    assert Subscription.objects.count() == 1
    conflict = api.post(LIST, wish(description="x"), Idempotency_Key="k")
    assert conflict.json()["error"]["code"] == "idempotency_conflict"


def test_a_repeated_rotation_rotates_once(api: Api) -> None:
    known = subscribed(api)
    path = f"{LIST}/{known['id']}/rotate-secret"
    first = api.post(path, Idempotency_Key="k").json()
    assert api.post(path, Idempotency_Key="k").json() == first
    assert signing() == (first["secret"], known["secret"])


def test_the_secret_in_a_kept_answer_is_encrypted(api: Api) -> None:
    made = api.post(LIST, wish(), Idempotency_Key="a").json()
    rotated = api.post(f"{LIST}/{made['id']}/rotate-secret", Idempotency_Key="b").json()
    for key, secret in (("a", made["secret"]), ("b", rotated["secret"])):
        kept = bytes(IdempotencyRecord.objects.get(key=key).answer)
        assert secret.encode() not in kept
        assert secret.encode() in decrypt(kept)


@pytest.mark.parametrize(("verb", "body"), [("test", {}), ("replay", {"since": "2026-07-01T00:00:00Z"})])
def test_a_repeated_request_without_secrets_is_done_once_too(
    api: Api, verb: str, body: dict[str, str]
) -> None:
    path = f"{LIST}/{subscribed(api)['id']}/{verb}"
    first, again = (api.post(path, body, Idempotency_Key="k") for _ in range(2))
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.content == again.content
    assert Subscription.objects.get().deliveries.count() == (1 if verb == "test" else 0)


def test_a_repeated_change_is_made_once(api: Api) -> None:
    path = f"{LIST}/{subscribed(api)['id']}"
    first = api.patch(path, {"description": "one"}, Idempotency_Key="k")
    api.patch(path, {"description": "two"})
    again = api.patch(path, {"description": "one"}, Idempotency_Key="k")
    assert again.content == first.content
    assert Subscription.objects.get().description == "two"
