"""One example of every type of event: what happened at a made-up customer's."""

from typing import Any

from webhooks.catalog.types import EVENT_TYPES

_CUSTOMER = {
    "ordinavoCustomerId": 12,
    "externalId": "CUST-10042",
    "customerNumber": "RRM-001",
    "name": "Rhein-Ruhr Medical Supply",
}
_LOCATION = {
    "ordinavoLocationId": 34,
    "externalId": "LOC-ESSEN-01",
    "name": "Essen Center",
    "city": "Essen",
    "hasCoordinates": True,
}
_CONTACT = {
    "ordinavoContactId": 56,
    "externalId": "CONT-44",
    "displayName": "Anna Weber",
    "role": "Operations Manager",
    "email": "anna.weber@example.com",
    "phone": "+49 201 123456",
}
_PLANNING = {
    "priority": "High",
    "estimatedWorkMinutes": 45,
    "dueDate": "2026-07-01",
    "dueAtUtc": None,
    "preferredTimeWindowStart": "2026-07-01T08:00:00Z",
    "preferredTimeWindowEnd": "2026-07-01T14:00:00Z",
    "routeDate": None,
    "fixedTime": False,
}
_TARGET = {
    "id": 455,
    "externalId": "JOB-2026-000918",
    "title": "Maintenance visit",
    "externalType": "ServiceOrder",
    "sourceSystem": "logistics_erp",
    "status": "Open",
    "revision": 1,
    "planning": _PLANNING,
    "lastImportJobId": 123,
    "followUpOfTargetId": None,
    "followUpOfExternalId": None,
}
_APPOINTMENT = {
    "id": 1201,
    "status": "Scheduled",
    "targetId": 455,
    "startUtc": "2026-06-18T12:00:00Z",
    "endUtc": "2026-06-18T12:45:00Z",
    "startedAtUtc": None,
    "endedAtUtc": None,
}
_REPORT = {
    "id": 901,
    "title": "Maintenance visit - Essen Center",
    "status": "Approved",
    "result": "Successful",
    "followUpRequired": False,
    "isBillable": True,
    "billingStatus": "NotReady",
    "attachmentCount": 2,
    "summaryPreview": "Filter replaced, cooling checked.",
}
_BILLING_EVENT = {
    "id": 3001,
    "status": "Pending",
    "sourceType": "VisitReport",
    "visitReportId": 901,
    "targetId": 455,
    "appointmentId": 1201,
    "createdAtUtc": "2026-06-18T16:50:00Z",
    "details": {
        "workMinutes": 45,
        "travelMinutes": 20,
        "startedAtUtc": "2026-06-18T12:02:00Z",
        "endedAtUtc": "2026-06-18T12:47:00Z",
    },
}
_JOB = {
    "id": 123,
    "status": "PartiallyFailed",
    "batchId": "NIGHT-2026-06-18",
    "retryOf": None,
    "totalItems": 3,
    "createdItems": 1,
    "updatedItems": 1,
    "unchangedItems": 0,
    "cancelledItems": 0,
    "rejectedItems": 1,
    "skippedItems": 0,
    "warningItems": 0,
    "needsReviewItems": 1,
    "createdAt": "2026-06-18T16:39:58Z",
    "startedAt": "2026-06-18T16:39:59Z",
    "finishedAt": "2026-06-18T16:40:00Z",
}
_REFUSAL = "Must be at least 1."
_ITEM = {
    "importJobId": 123,
    "index": 2,
    "externalId": "JOB-2026-000920",
    "result": "Rejected",
    "errorCode": "validation_failed",
    "errorMessage": "One or more fields are invalid.",
    "errors": [{"path": "planning.estimatedWorkMinutes", "code": "min_value", "message": _REFUSAL}],
}
_REVIEW = {
    "id": 77,
    "kind": "customer",
    "externalId": "CUST-10042",
    "status": "Linked",
    "mappingStatus": "Mapped",
    "decidedAt": "2026-06-18T16:40:00Z",
}
_SUGGESTION = {
    "id": 61,
    "status": "Draft",
    "routeDate": "2026-07-01",
    "importJobId": 123,
    "summary": {
        "routes": 2,
        "stops": 14,
        "excluded": 1,
        "distanceMeters": 86_400,
        "travelMinutes": 152,
        "workMinutes": 610,
    },
}
_ROUTE = {
    "id": 88,
    "number": 1,
    "routeDate": "2026-07-01",
    "routeSuggestionId": 61,
    "stops": [
        {
            "sequence": 1,
            "targetId": 455,
            "externalId": "JOB-2026-000918",
            "arrivalUtc": "2026-07-01T08:10:00Z",
            "departureUtc": "2026-07-01T08:55:00Z",
        }
    ],
}

_SNAPSHOT: dict[str, dict[str, Any]] = {
    "customer": _CUSTOMER,
    "location": _LOCATION,
    "contact": _CONTACT,
    "target": _TARGET,
    "appointment": _APPOINTMENT,
    "visitReport": _REPORT,
    "billingEvent": _BILLING_EVENT,
    "importJob": _JOB,
    "importItem": _ITEM,
    "mappingReview": _REVIEW,
    "routeSuggestion": _SUGGESTION,
    "route": _ROUTE,
}

_STARTED = {"startedAtUtc": "2026-06-18T12:02:00Z"}
_ENDED = {**_STARTED, "endedAtUtc": "2026-06-18T12:47:00Z"}
_PENDING = {"billingStatus": "Pending"}
_UNSTORED: dict[str, Any] = dict.fromkeys(name for name in _TARGET if name != "sourceSystem")

# What differs from the rest, by type and block.
_DIFFERENCES: dict[str, dict[str, dict[str, Any]]] = {
    "target.updated": {"target": {"revision": 2}},
    "target.rejected": {"target": {**_UNSTORED, "externalId": "JOB-2026-000920"}},
    "target.cancelled": {"target": {"status": "Cancelled", "revision": 3}},
    "target.scheduled": {"target": {"status": "Scheduled"}},
    "target.completed": {
        "target": {"status": "Completed"},
        "appointment": {"status": "Completed", **_ENDED},
    },
    "target.follow_up_created": {
        "target": {
            "id": 470,
            "externalId": None,
            "lastImportJobId": None,
            "followUpOfTargetId": 455,
            "followUpOfExternalId": "JOB-2026-000918",
        }
    },
    "customer_mapping.resolved": {"target": {"revision": 2}},
    "appointment.scheduled": {"target": {"status": "Scheduled"}},
    "appointment.started": {
        "target": {"status": "InProgress"},
        "appointment": {"status": "Started", **_STARTED},
    },
    "appointment.completed": {
        "target": {"status": "Completed"},
        "appointment": {"status": "Completed", **_ENDED},
    },
    "appointment.problem_reported": {
        "target": {"status": "Problem"},
        "appointment": {"status": "ProblemReported", **_ENDED},
    },
    "appointment.cancelled": {"appointment": {"status": "Cancelled"}},
    "visit_report.created": {"visitReport": {"status": "Draft", "result": None, "attachmentCount": 0}},
    "visit_report.submitted": {"visitReport": {"status": "Submitted"}},
    "visit_report.rejected": {"visitReport": {"status": "Rejected"}},
    "visit_report.follow_up_required": {"visitReport": {"status": "Submitted", "followUpRequired": True}},
    "visit_report.problem_reported": {
        "visitReport": {"status": "Submitted", "result": "NotSuccessful", "isBillable": False},
    },
    "billing.event_created": {"visitReport": _PENDING},
    "billing.event_ready": {
        "visitReport": {"billingStatus": "Ready"},
        "billingEvent": {"status": "Ready"},
    },
    "billing.event_sent": {"visitReport": {"billingStatus": "Sent"}, "billingEvent": {"status": "Sent"}},
    "billing.event_failed": {
        "visitReport": {"billingStatus": "Failed"},
        "billingEvent": {"status": "Failed"},
    },
}
# Reports and bills speak of work that is done.
_DONE: dict[str, dict[str, Any]] = {
    "target": {"status": "Completed", "revision": 4},
    "appointment": {"status": "Completed", **_ENDED},
}


def example_snapshot(event_type: str) -> dict[str, Any]:
    """Return what an event of the type would keep, with all members of its blocks."""
    differences = _DIFFERENCES.get(event_type, {})
    done = _DONE if event_type.startswith(("visit_report.", "billing.")) else {}
    return {
        name: {**_SNAPSHOT[name], **done.get(name, {}), **differences.get(name, {})}
        for name in EVENT_TYPES[event_type].blocks
    }
