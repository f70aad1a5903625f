"""Subscriptions: where a client wants to be told, and its secrets."""

from datetime import timedelta
from http import HTTPStatus

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from integrations.grants import grant_of
from integrations.idempotency import idempotent
from integrations.scopes import Scope
from ordinavo.kernel.api import ApiView, json_object, optional_object, query_flag, row_id
from ordinavo.kernel.filters import filtered
from ordinavo.kernel.instants import instant
from ordinavo.kernel.pagination import page_of
from webhooks.api.filters import SubscriptionFilters
from webhooks.api.forms import sent_overlap, sent_replay, sent_subscription, sent_test
from webhooks.api.outputs import (
    delivery_out,
    delivery_path,
    subscription_out,
    subscription_path,
    subscription_with_secret,
)
from webhooks.api.schema import operations
from webhooks.models import Subscription
from webhooks.selectors import subscription_of, subscriptions_of
from webhooks.services.deliveries import send_test
from webhooks.services.replay import count_missed, replay
from webhooks.services.secrets import end_overlap, rotate_secret
from webhooks.services.subscriptions import change_subscription, create_subscription, delete_subscription


def _subscription(request: Request, subscription_id: str) -> Subscription:
    return subscription_of(client=grant_of(request).client, subscription_id=row_id(subscription_id))


class Subscriptions(ApiView):
    """The subscriptions of a client."""

    required_scopes = {"GET": Scope.WEBHOOKS_READ, "POST": Scope.WEBHOOKS_MANAGE}

    @operations.list_subscriptions
    def get(self, request: Request) -> Response:
        """Return a page of subscriptions, newest first."""
        rows = filtered(SubscriptionFilters, request, subscriptions_of(grant_of(request).client))
        return Response(page_of(request, rows, keys=("id",), descending=True, render=subscription_out))

    @operations.create_subscription
    @idempotent
    def post(self, request: Request) -> Response:
        """Return the new subscription with its secret."""
        given = sent_subscription(json_object(request), partial=False)
        subscription, secret = create_subscription(client=grant_of(request).client, **given)
        return Response(
            subscription_with_secret(subscription, secret),
            status=HTTPStatus.CREATED,
            headers={"Location": subscription_path(subscription)},
        )


class SubscriptionDetail(ApiView):
    """One subscription."""

    required_scopes = {
        "GET": Scope.WEBHOOKS_READ,
        "PATCH": Scope.WEBHOOKS_MANAGE,
        "DELETE": Scope.WEBHOOKS_MANAGE,
    }

    @operations.get_subscription
    def get(self, request: Request, subscription_id: str) -> Response:
        """Return the subscription and how its receiver does."""
        return Response(subscription_out(_subscription(request, subscription_id)))

    @operations.change_subscription
    @idempotent
    def patch(self, request: Request, subscription_id: str) -> Response:
        """Change what is sent, keep the rest."""
        subscription = _subscription(request, subscription_id)
        given = sent_subscription(json_object(request), partial=True)
        return Response(subscription_out(change_subscription(subscription=subscription, **given)))

    @operations.delete_subscription
    def delete(self, request: Request, subscription_id: str) -> Response:
        """Switch it off for good and hide it."""
        delete_subscription(subscription=_subscription(request, subscription_id))
        return Response(status=HTTPStatus.NO_CONTENT)


class SecretRotation(ApiView):
    """A new secret."""

    required_scopes = {"POST": Scope.WEBHOOKS_MANAGE}

    @operations.rotate_secret
    @idempotent
    def post(self, request: Request, subscription_id: str) -> Response:
        """Return the subscription with its new secret."""
        rotated, secret = rotate_secret(
            subscription=_subscription(request, subscription_id),
            overlap=timedelta(seconds=sent_overlap(optional_object(request))),
        )
        return Response(subscription_with_secret(rotated, secret))


class PreviousSecret(ApiView):
    """The secret before the last rotation."""

    required_scopes = {"DELETE": Scope.WEBHOOKS_MANAGE}

    @operations.end_overlap
    def delete(self, request: Request, subscription_id: str) -> Response:
        """Stop signing with it."""
        end_overlap(subscription=_subscription(request, subscription_id))
        return Response(status=HTTPStatus.NO_CONTENT)


class SubscriptionTest(ApiView):
    """Sends an example."""

    required_scopes = {"POST": Scope.WEBHOOKS_MANAGE}

    @operations.test_subscription
    @idempotent
    def post(self, request: Request, subscription_id: str) -> Response:
        """Return the delivery that was made."""
        subscription = _subscription(request, subscription_id)
        delivery = send_test(subscription=subscription, event_type=sent_test(optional_object(request)))
        headers = {"Location": delivery_path(delivery)}
        return Response(delivery_out(delivery), status=HTTPStatus.ACCEPTED, headers=headers)


class SubscriptionReplay(ApiView):
    """Sends again what was missed."""

    required_scopes = {"POST": Scope.WEBHOOKS_MANAGE}

    @operations.replay_subscription
    @idempotent
    def post(self, request: Request, subscription_id: str) -> Response:
        """Return how many events are sent, or with `validateOnly` would be."""
        subscription = _subscription(request, subscription_id)
        validate_only = query_flag(request, "validateOnly")
        asked = sent_replay(json_object(request))
        asked["until"] = asked["until"] or timezone.now()
        count = (count_missed if validate_only else replay)(subscription=subscription, **asked)
        answer = {
            "subscriptionId": subscription.pk,
            "count": count,
            "validateOnly": validate_only,
            "since": instant(asked["since"]),
            "until": instant(asked["until"]),
            "statuses": asked["statuses"],
        }
        return Response(answer, status=HTTPStatus.OK if validate_only else HTTPStatus.ACCEPTED)
