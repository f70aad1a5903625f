"""Paths of the caller's own affairs."""

from integrations.api.health import IntegrationHealth
from ordinavo.kernel.api import endpoint

urlpatterns = [
    endpoint("integration/health", IntegrationHealth, "integration-health"),
]
