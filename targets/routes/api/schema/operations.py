"""The operations on route suggestions, as decorators for their views."""

import json
from pathlib import Path
from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema

from ordinavo.kernel.openapi.parameters import filters_of
from ordinavo.kernel.openapi.refusals import CONFLICT
from targets.routes.api.filters import SuggestionFilters
from targets.routes.api.schema import answers, requests
from targets.routes.services.asking import MOST_TARGETS

EXAMPLES = Path(__file__).parent.parent / "examples"
_TAG = "Route suggestions"


def _example(name: str, summary: str, **kind: Any) -> OpenApiExample:
    value = json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"))
    return OpenApiExample(name, summary=summary, value=value, **kind)


create_suggestion = extend_schema(
    operation_id="createRouteSuggestion",
    tags=[_TAG],
    summary="Ask for routes",
    description=(
        "Asks who could go to your targets on a day, in which order. A worker plans it within a minute, "
        "mostly within ten seconds; read the suggestion, or be told by `route.suggestion.created`.\n\n"
        "Name the targets by exactly one of `importJobId`, `targetIds`, `targetExternalIds`: "
        f"{MOST_TARGETS:,} at most. An id that your source system does not have is refused with "
        "`validation_failed`, its position in the path. A target that cannot be planned is no error: it is "
        "listed in `excluded` with the reason. While the import job runs, the answer is `conflict`.\n\n"
        "A suggestion is a draft for the tenant's managers: nothing is planned until they publish it. In a "
        "test twin nothing is ever published."
    ),
    request={"application/json": requests.NEW},
    responses={202: OpenApiResponse(answers.ACCEPTED, description="It is being planned.")},
    examples=[
        _example("suggestion-of-job", "All targets of an import job", request_only=True),
        _example("suggestion-of-targets", "Some targets, with options", request_only=True),
        _example("suggestion-accepted", "Accepted", response_only=True, status_codes=["202"]),
    ],
    extensions={"x-refusals": [CONFLICT], "x-headers": {"202": {"Location": True}}},
)

list_suggestions = extend_schema(
    operation_id="listRouteSuggestions",
    tags=[_TAG],
    summary="List your route suggestions",
    description="The suggestions that your client asked for, newest first, without their stops.",
    parameters=filters_of(SuggestionFilters),
    responses={200: OpenApiResponse(answers.SUGGESTION_PAGE, description="A page of suggestions.")},
    examples=[_example("suggestions", "One suggestion", response_only=True)],
)

get_suggestion = extend_schema(
    operation_id="getRouteSuggestion",
    tags=[_TAG],
    summary="Read one route suggestion",
    description=(
        "The routes with their stops, and each target that was left out with the reason and what would "
        "help. Who drives a route is not told."
    ),
    responses={200: OpenApiResponse(answers.SUGGESTION_WHOLE, description="The suggestion.")},
    examples=[_example("suggestion", "A draft", response_only=True)],
)
