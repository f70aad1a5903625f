"""Deliveries: what was sent, what came back, and once more."""

from http import HTTPStatus

from rest_framework.request import Request
from rest_framework.response import Response

from integrations.grants import grant_of
from integrations.idempotency import idempotent
from integrations.scopes import Scope
from ordinavo.kernel.api import ApiView, opaque_id
from ordinavo.kernel.filters import filtered
from ordinavo.kernel.pagination import page_of
from webhooks.api.filters import DeliveryFilters
from webhooks.api.outputs import delivery_out, delivery_path, delivery_with_attempts
from webhooks.api.schema import operations
from webhooks.models import Delivery
from webhooks.selectors import attempts_of, deliveries_of, delivery_of
from webhooks.services.deliveries import redeliver

_IDS = {"delivery_id": "del_01JZ8A2MT8G7C3Y7V0WQ1M9B3C"}


def _delivery(request: Request, delivery_id: str) -> Delivery:
    return delivery_of(client=grant_of(request).client, delivery_id=opaque_id(Delivery.PREFIX, delivery_id))


class Deliveries(ApiView):
    """The deliveries to a client."""

    required_scopes = {"GET": Scope.WEBHOOK_DELIVERIES_READ}

    @operations.list_deliveries
    def get(self, request: Request) -> Response:
        """Return a page of deliveries, newest first."""
        rows = filtered(DeliveryFilters, request, deliveries_of(grant_of(request).client))
        return Response(page_of(request, rows, keys=("id",), descending=True, render=delivery_out))


class DeliveryDetail(ApiView):
    """One delivery."""

    required_scopes = {"GET": Scope.WEBHOOK_DELIVERIES_READ}
    opaque_ids = _IDS

    @operations.get_delivery
    def get(self, request: Request, delivery_id: str) -> Response:
        """Return the delivery with its attempts."""
        delivery = _delivery(request, delivery_id)
        return Response(delivery_with_attempts(delivery, attempts_of(delivery)))


class Redelivery(ApiView):
    """Sends an event again."""

    required_scopes = {"POST": Scope.WEBHOOKS_MANAGE}
    opaque_ids = _IDS

    @operations.redeliver
    @idempotent
    def post(self, request: Request, delivery_id: str) -> Response:
        """Return the new delivery."""
        again = redeliver(delivery=_delivery(request, delivery_id))
        headers = {"Location": delivery_path(again)}
        return Response(delivery_out(again), status=HTTPStatus.ACCEPTED, headers=headers)
