"""Which member of the payload is kept in which column."""

from collections.abc import Mapping
from typing import Any

TARGET = {
    "externalType": "external_type",
    "title": "title",
    "description": "description",
    "templateKey": "template_key",
    "customFields": "custom_fields",
}
PLANNING = {
    "priority": "priority",
    "estimatedWorkMinutes": "estimated_work_minutes",
    "dueDate": "due_date",
    "dueAtUtc": "due_at",
    "preferredTimeWindowStart": "time_window_start",
    "preferredTimeWindowEnd": "time_window_end",
    "timeWindowStartUtc": "time_window_start",
    "timeWindowEndUtc": "time_window_end",
    "routeDate": "route_date",
    "fixedTime": "fixed_time",
}
BUSINESS_VALUE = {
    "expectedRevenue": "expected_revenue",
    "customerTier": "customer_tier",
    "closeProbability": "close_probability",
}
ADDRESS = {
    "street": "street",
    "postalCode": "postal_code",
    "city": "city",
    "country": "country",
    "latitude": "latitude",
    "longitude": "longitude",
}
CUSTOMER = {
    "customerNumber": "number",
    "name": "name",
    "type": "type",
    "industry": "industry",
    "email": "email",
    "phone": "phone",
}
LOCATION = {
    "name": "name",
    **ADDRESS,
    "defaultEstimatedWorkMinutes": "default_estimated_work_minutes",
    "defaultPriority": "default_priority",
    "accessNotes": "access_notes",
    "parkingNotes": "parking_notes",
}
CONTACT = {"displayName": "display_name", "role": "role", "email": "email", "phone": "phone"}

# What null means where it isn't the empty text.
_CLEARED: dict[str, Any] = {
    "custom_fields": {},
    "fixed_time": False,
    **dict.fromkeys(
        (
            "priority",
            "estimated_work_minutes",
            "due_date",
            "due_at",
            "time_window_start",
            "time_window_end",
            "route_date",
            "expected_revenue",
            "close_probability",
            "latitude",
            "longitude",
            "default_estimated_work_minutes",
        )
    ),
}


def columns_of(sent: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, Any]:
    """Return the columns of the members that were sent; null becomes what empties the column."""
    return {
        column: _CLEARED.get(column, "") if sent[name] is None else sent[name]
        for name, column in columns.items()
        if name in sent
    }
