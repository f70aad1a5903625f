"""What batches are made of: ten thousand jobs with a customer, a location and a contact each."""

import json
from typing import Any

ITEMS = 10_000


def items(number: int, *, mark: str, title: str = "Visit") -> list[dict[str, Any]]:
    """Return targets whose ids all carry `mark`; another title makes every one of them changed."""
    return [_item(f"{mark}-{position}", position, title) for position in range(number)]


def body(payloads: list[dict[str, Any]]) -> bytes:
    """Return the request's body."""
    return json.dumps({"items": payloads}).encode()


def _item(name: str, position: int, title: str) -> dict[str, Any]:
    return {
        "externalId": f"JOB-{name}",
        "title": f"{title} {name}",
        "description": "Check the refrigeration unit and document its status.",
        "customer": {
            "externalId": f"CUST-{name}",
            "customerNumber": f"NO-{name}",
            "name": f"Customer {name} GmbH",
            "email": f"office-{name}@example.com",
            "phone": f"+49 201 {position:07d}",
        },
        "location": {
            "externalId": f"LOC-{name}",
            "name": f"Site {name}",
            "street": f"Hachestrasse {position % 200}",
            "postalCode": "45127",
            "city": "Essen",
            "country": "DE",
            "latitude": 51.4 + position % 100 / 1000,
            "longitude": 7.0 + position % 90 / 1000,
        },
        "contact": {
            "externalId": f"CONT-{name}",
            "displayName": f"Contact {name}",
            "role": "Operations Manager",
            "email": f"contact-{name}@example.com",
            "phone": f"+49 202 {position:07d}",
        },
        "planning": {
            "priority": "High",
            "estimatedWorkMinutes": 45,
            "dueDate": "2026-07-01",
            "preferredTimeWindowStart": "2026-07-01T08:00:00Z",
            "preferredTimeWindowEnd": "2026-07-01T14:00:00Z",
        },
        "customFields": {"serviceType": "Maintenance", "assetId": f"FRIDGE-{name}"},
    }
