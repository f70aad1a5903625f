"""An outside system in a test: sends JSON with its key."""

import json
from typing import Any

from django.test import Client

from integrations.models import IntegrationClient
from tests import factories

BASE = "/api/connect/v1"
# What the test client answers, with its `json()`, has a name in the stubs only.
Answer = Any


class Api:
    """Speaks for one integration client."""

    def __init__(self, client: IntegrationClient) -> None:
        self.client = client
        self.key, self.secret = factories.key(client)
        self.http = Client(raise_request_exception=False)

    def get(self, path: str, **headers: str) -> Answer:
        """GET below the base path; header names with underscores."""
        return self.http.get(BASE + path, headers=self._headers(headers))

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        """POST JSON (or bytes as they are) below the base path."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        kind = headers.pop("content_type", "application/json")
        return self.http.post(BASE + path, raw, content_type=kind, headers=self._headers(headers))

    def patch(self, path: str, body: Any = None, **headers: str) -> Answer:
        """PATCH JSON below the base path."""
        raw, kind = json.dumps(body).encode(), "application/json"
        return self.http.patch(BASE + path, raw, content_type=kind, headers=self._headers(headers))

    def delete(self, path: str, **headers: str) -> Answer:
        """DELETE below the base path."""
        return self.http.delete(BASE + path, headers=self._headers(headers))

    def _headers(self, extra: dict[str, str]) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in extra.items()}
        return {"Authorization": f"Bearer {self.secret}", **named}
