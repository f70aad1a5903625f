"""`GET /integration/health`: does my key work, and as whom?"""

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from integrations.api import schema
from integrations.grants import grant_of
from integrations.scopes import Scope
from ordinavo.kernel.api import ApiView


class IntegrationHealth(ApiView):
    """Tells a client how it is known here; touches nothing."""

    required_scopes = {"GET": Scope.HEALTH_READ}

    @schema.get_integration_health
    def get(self, request: Request) -> Response:
        """Answer with the client's own facts and the server's clock."""
        grant = grant_of(request)
        return Response(
            {
                "status": "ok",
                "apiVersion": "v1",
                "environment": grant.client.environment.value,
                "integrationClient": grant.client.name,
                "sourceSystem": grant.source_system.key,
                "scopes": grant.client.scopes,
                "serverTimeUtc": timezone.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
            }
        )
