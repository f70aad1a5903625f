"""How endpoints are described in the OpenAPI document."""

from drf_spectacular.openapi import AutoSchema


class ApiSchema(AutoSchema):
    """The description of one endpoint."""
