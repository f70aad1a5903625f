"""The shape of the request, as `targets.routes.api.forms` takes it."""

from typing import Any

from ordinavo.kernel.openapi.shapes import Schema, component, flag, nullable, text, whole
from targets.routes.services.asking import MOST_STOPS, MOST_TARGETS

_TIME = r"^([01]\d|2[0-3]):[0-5]\d$"


def _asked(description: str, members: dict[str, Schema], *, required: tuple[str, ...] = ()) -> Schema:
    """An object of which unknown members are ignored."""
    return {
        "type": "object",
        "description": description,
        "properties": members,
        "additionalProperties": True,
        **({"required": list(required)} if required else {}),
    }


def _names(description: str, of: Schema) -> Schema:
    return {
        "type": ["array", "null"],
        "description": f"{description} Those named twice count once.",
        "items": of,
        "minItems": 1,
        "maxItems": MOST_TARGETS,
    }


_OPTIONS: dict[str, Any] = {
    "startTime": nullable(
        text("Nobody leaves before it; in the tenant's time zone.", example="08:00", pattern=_TIME)
    ),
    "endTime": nullable(
        text("Everybody is back by then; later than startTime.", example="17:00", pattern=_TIME)
    ),
    "maxStopsPerRoute": nullable(
        whole("At most so many stops on a route.", example=12, minimum=1, maximum=MOST_STOPS)
    ),
    "balance": nullable({**flag("Share the work evenly where that costs no stop."), "default": False}),
}
NEW = component(
    "RouteSuggestionRequest",
    _asked(
        "For which day, and which targets: exactly one of `importJobId`, `targetIds`, `targetExternalIds`.",
        {
            "routeDate": text("The day to plan, from 1900 to 2199.", example="2026-07-01", format="date"),
            "importJobId": nullable(
                whole(
                    f"All targets of this finished import job, {MOST_TARGETS:,} at most.",
                    example=123,
                    minimum=1,
                )
            ),
            "targetIds": _names("Our ids.", whole("The id of a target.", example=456, minimum=1)),
            "targetExternalIds": _names(
                "Your own ids.",
                text("The external id of a target.", example="JOB-2026-000918", minLength=1, maxLength=128),
            ),
            "options": nullable(_asked("How to plan; null or absent: the usual.", _OPTIONS)),
        },
        required=("routeDate",),
    ),
)
OPTIONS = _OPTIONS
