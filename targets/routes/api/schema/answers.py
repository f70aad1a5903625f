"""The shapes of the answers, as `targets.routes.api.outputs` gives them out."""

from ordinavo.kernel.openapi.shapes import (
    Schema,
    component,
    instant,
    listed,
    listing,
    nullable,
    page,
    text,
    thing,
    whole,
    words,
)
from targets.routes.api.schema.codes import REASONS
from targets.routes.api.schema.requests import OPTIONS
from targets.routes.models import RouteSuggestion

_STATUS = words(
    "`Pending` while it is planned, then `Draft` or `Failed`. A manager turns a draft `Published` or "
    "`Discarded`, and may plan it again, or take it back.",
    RouteSuggestion.Status.values,
    example="Draft",
)
_EXTERNAL_ID = nullable(
    text("Your own id; null for a follow-up that was made here.", example="JOB-2026-000918")
)
_PATH = "/api/connect/v1/route-suggestions/61"

ACCEPTED = component(
    "RouteSuggestionAccepted",
    thing(
        "The question was accepted.",
        {
            "routeSuggestionId": whole("The id of the suggestion.", example=61),
            "status": words("Always `Pending`.", ["Pending"]),
            "links": thing("Where to go on.", {"routeSuggestion": text("The suggestion.", example=_PATH)}),
        },
    ),
)
SUMMARY = component(
    "RouteSuggestionSummary",
    thing(
        "Totals.",
        {
            "routes": whole("Routes.", example=2, minimum=0),
            "stops": whole("Stops on them.", example=14, minimum=0),
            "excluded": whole("Targets that were left out.", example=1, minimum=0),
            "distanceMeters": whole("Metres of travel, the ways back included.", example=86_400, minimum=0),
            "travelMinutes": whole("Minutes of travel.", example=152, minimum=0),
            "workMinutes": whole("Minutes of work.", example=610, minimum=0),
        },
    ),
)
_STOP = component(
    "RouteSuggestionStop",
    thing(
        "A target on a route.",
        {
            "sequence": whole("Position on the route, from 1.", example=1, minimum=1),
            "targetId": whole("Our id of the target.", example=456),
            "externalId": _EXTERNAL_ID,
            "arrivalUtc": instant("Planned arrival.", example="2026-07-01T08:10:00Z"),
            "departureUtc": instant("Planned departure.", example="2026-07-01T08:55:00Z"),
        },
    ),
)
_ROUTE = component(
    "RouteSuggestionRoute",
    thing(
        "One route; who drives it is not told.",
        {
            "number": whole("Its number within the suggestion.", example=1, minimum=1),
            "stops": listing("The stops in their order.", _STOP),
        },
    ),
)
_EXCLUDED = component(
    "RouteSuggestionExclusion",
    thing(
        "A target that was left out, and why.",
        {
            "targetId": whole("Our id of the target.", example=457),
            "externalId": _EXTERNAL_ID,
            "reasonCode": text(
                f"Why, proved against everybody who works that day. New codes may come.\n\n{listed(REASONS)}",
                example="missing_skill",
            ),
            "message": text("The same in words.", example="Nobody who works that day has the skill gas."),
            "hint": nullable(text("What would make it fit.", example="Plan it on the day of its window.")),
        },
    ),
)
_OPTION: dict[str, Schema] = {
    name: {key: value for key, value in schema.items() if key != "default"}
    for name, schema in OPTIONS.items()
}
_SUGGESTION: dict[str, Schema] = {
    "id": whole("Its id.", example=61),
    "status": _STATUS,
    "routeDate": text("The day it is for.", example="2026-07-01", format="date"),
    "importJobId": nullable(whole("The import job whose targets it plans.", example=123)),
    "options": thing("How it was planned; null where nothing was said.", _OPTION),
    "summary": nullable(SUMMARY, "Totals; null while there is no answer."),
    "failureReason": nullable(text("Why there is no answer, or no new one.")),
    "correlationId": text("Of the request that asked for it.", example="order-4711"),
    "createdAt": instant("When it was asked for."),
    "finishedAt": nullable(instant("When it was planned last.")),
    "links": thing("Where to go on.", {"self": text("This suggestion.", example=_PATH)}),
}
SUGGESTION = component("RouteSuggestion", thing("A draft of routes, without its stops.", _SUGGESTION))
SUGGESTION_PAGE = page("RouteSuggestionPage", SUGGESTION)
SUGGESTION_WHOLE = component(
    "RouteSuggestionDetail",
    thing(
        "A draft of routes.",
        {
            **_SUGGESTION,
            "routes": listing("The routes; empty while there is no answer.", _ROUTE),
            "excluded": listing("What was left out.", _EXCLUDED),
        },
    ),
)
