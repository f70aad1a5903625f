"""The shape of a target, as `targets.api.outputs` gives it out."""

from typing import Any

from ordinavo.kernel.choices import Priority
from ordinavo.kernel.openapi.shapes import (
    component,
    flag,
    instant,
    nullable,
    number,
    page,
    text,
    thing,
    whole,
    words,
)
from ordinavo.tenants.models import MINUTES_A_DAY
from targets.api.schema.mapping import MAPPING
from targets.models import Target

_PLACE: dict[str, Any] = {
    "street": nullable(text("Street and number.", example="Huyssenallee 12")),
    "postalCode": nullable(text("Postal code.", example="45128")),
    "city": nullable(text("City.", example="Essen")),
    "country": nullable(text("ISO 3166-1 alpha-2.", example="DE")),
    "latitude": nullable(number("Degrees.", example=51.451, minimum=-90, maximum=90)),
    "longitude": nullable(number("Degrees.", example=7.013, minimum=-180, maximum=180)),
}
_DAY = "2026-07-01"

PLANNING = component(
    "TargetPlanning",
    thing(
        "When and how long; null where nothing is set.",
        {
            "priority": nullable(words("How urgent.", Priority.values, example="High")),
            "estimatedWorkMinutes": nullable(
                whole("Minutes of work.", example=45, minimum=1, maximum=MINUTES_A_DAY)
            ),
            "dueDate": nullable(text("Due on this day.", example=_DAY, format="date")),
            "dueAtUtc": nullable(instant("Due at this time.")),
            "preferredTimeWindowStart": nullable(instant("Not before.")),
            "preferredTimeWindowEnd": nullable(instant("Not after.")),
            "routeDate": nullable(text("To be planned for this day.", example=_DAY, format="date")),
            "fixedTime": flag("Whether the time must not be moved."),
        },
    ),
)
LOCATION = component(
    "TargetLocation",
    thing(
        "The site. Without the scope `customers.read` there is only your own id of it.",
        {
            "externalId": nullable(text("Your own id, if it has one.", example="LOC-ESSEN-01")),
            "name": text("Name.", example="Essen Center"),
            **_PLACE,
        },
        optional=("name", *_PLACE),
    ),
)
APPOINTMENT = component(
    "TargetAppointment",
    thing(
        "When somebody comes.",
        {
            "id": whole("Its id.", example=789),
            "status": words(
                "How far it is.",
                ("Scheduled", "Started", "Completed", "ProblemReported"),
                example="Scheduled",
            ),
            "startUtc": instant("When it is planned to begin."),
        },
    ),
)
TARGET = component(
    "Target",
    thing(
        "A job, stop or visit as it stands.",
        {
            "id": whole("Our id.", example=456),
            "externalId": nullable(
                text("Your own id; null for a follow-up that was made here.", example="JOB-2026-000918")
            ),
            "externalType": nullable(text("Your own word.", example="DeliveryOrder")),
            "sourceSystem": text("Yours.", example="logistics_erp"),
            "title": text("What it is.", example="Maintenance visit"),
            "description": text("What is to be done; may be empty."),
            "status": words(
                "`Open`, `Scheduled`, `InProgress`, then `Completed` or `Problem`; `Cancelled`.",
                Target.Status.values,
                example="Open",
            ),
            "templateKey": nullable(text("As you sent it.", example="delivery_stop")),
            "planning": PLANNING,
            "location": nullable(LOCATION, "The site; null without one."),
            "address": nullable(thing("The place of work where there is no site; null without one.", _PLACE)),
            "customFields": {
                "type": "object",
                "description": "As you sent them.",
                "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
                "examples": [{"assetId": "FRIDGE-221"}],
            },
            "customerMapping": nullable(
                MAPPING,
                "How the last sent customer data was mapped; null without. The ids are those of all records "
                "that the target is linked to.",
            ),
            "revision": whole("Grows with every change.", example=1, minimum=1),
            "lastImportJobId": nullable(whole("The last job that touched it.", example=123)),
            "followUpOfTargetId": nullable(
                whole("The target whose visit asked for this one; null for all that you sent.", example=455)
            ),
            "followUpOfExternalId": nullable(text("Your own id of that target.", example="JOB-2026-000917")),
            "appointment": nullable(
                APPOINTMENT, "Null while nothing is planned; the last one stays when it has ended."
            ),
            "createdAt": instant("When it came."),
            "updatedAt": instant("When it changed last."),
        },
    ),
)
TARGET_PAGE = page("TargetPage", TARGET)
