"""The operations on targets, as decorators for their views."""

import json
from pathlib import Path
from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema

from ordinavo.kernel.openapi.parameters import filters_of
from targets.api.filters import TargetFilters
from targets.api.schema import target

_EXAMPLES = Path(__file__).parent.parent / "examples"
_TAG = "Targets"


def _example(name: str, summary: str) -> OpenApiExample:
    value: Any = json.loads((_EXAMPLES / f"{name}.json").read_text("utf-8"))
    return OpenApiExample(name, summary=summary, value=value, response_only=True)


list_targets = extend_schema(
    operation_id="listTargets",
    tags=[_TAG],
    summary="List your targets",
    description=(
        "The targets of your source system, those that changed longest ago first.\n\n"
        "To follow changes, remember the `updatedAt` of the last target that you saw and ask for "
        "`updatedSince` that time. Five minutes before it are given once more, so that nothing is missed "
        "which was saved late: take each target by its `id`, and skip one whose `updatedAt` you know."
    ),
    parameters=filters_of(TargetFilters),
    responses={200: OpenApiResponse(target.TARGET_PAGE, description="A page of targets.")},
    examples=[_example("targets", "One target")],
)

get_target = extend_schema(
    operation_id="getTarget",
    tags=[_TAG],
    summary="Read one target",
    description="A target of your source system as it stands, whichever client sent it.",
    responses={200: OpenApiResponse(target.TARGET, description="The target.")},
    examples=[_example("target", "A target with its site")],
)
