"""The operations of the inbound API, as decorators for its views."""

import json
from pathlib import Path
from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema

from ordinavo.kernel.openapi.parameters import PAGING
from targets.imports.api.payload import TargetPayload
from targets.imports.api.schema import answers
from targets.imports.api.schema.codes import ITEM_REJECTED, MISSING_EXTERNAL_ID

EXAMPLES = Path(__file__).parent.parent / "examples"
_INBOUND, _JOBS = "Inbound targets", "Import jobs"


def _example(name: str, summary: str, **kind: Any) -> OpenApiExample:
    value = json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"))
    return OpenApiExample(name, summary=summary, value=value, **kind)


VALIDATE_ONLY = OpenApiParameter(
    "validateOnly",
    {"type": "string", "enum": ["true", "false"], "default": "false"},
    description="`true`: say what would happen and change nothing. A job is kept, marked `validateOnly`.",
)

import_target = extend_schema(
    operation_id="importTarget",
    tags=[_INBOUND],
    summary="Import one target",
    description=(
        "Creates, updates or cancels one target, and maps or creates its customer, location and contact. "
        "The import is finished when the answer comes. Send the same body again as often as you like: what "
        "is stored already is `Unchanged`.\n\n"
        "A `location`, a `contact`, or a `customer` with `externalId` or `customerNumber` also needs the "
        "scope `customers.map`. A refused import keeps its job: `importJobId` names it.\n\n"
        "The body may have 1 MiB and 32 levels."
    ),
    request=TargetPayload,
    parameters=[VALIDATE_ONLY],
    responses={
        202: OpenApiResponse(answers.ACCEPTED, description="Done; `items[0]` says what became of it.")
    },
    examples=[
        _example("inbound-target-with-customer", "With customer, location and contact", request_only=True),
        _example("inbound-target-minimal", "The least that is useful", request_only=True),
        _example("inbound-target-logistics", "Old form: flat customer and address", request_only=True),
        _example("import-accepted", "A new target", response_only=True, status_codes=["202"]),
    ],
    extensions={
        "x-refusals": [MISSING_EXTERNAL_ID, ITEM_REJECTED],
        "x-headers": {
            "202": {"Location": True},
            "400": {"Location": False},
            "422": {"Location": True},
            "500": {"Location": False},
        },
    },
)

get_import_job = extend_schema(
    operation_id="getImportJob",
    tags=[_JOBS],
    summary="Read one import job",
    description="How far a job came. Jobs belong to the client that made them.",
    responses={200: OpenApiResponse(answers.JOB, description="The job.")},
    examples=[_example("import-job", "A finished job", response_only=True)],
)

list_import_job_items = extend_schema(
    operation_id="listImportJobItems",
    tags=[_JOBS],
    summary="Read the items of an import job",
    description="What became of each target, by `index`.",
    parameters=PAGING,
    responses={200: OpenApiResponse(answers.ITEM_PAGE, description="A page of items.")},
    examples=[_example("import-job-items", "A new and a refused target", response_only=True)],
)

list_target_templates = extend_schema(
    operation_id="listTargetTemplates",
    tags=[_INBOUND],
    summary="List the target templates",
    description="The keys that `templateKey` may have. Any import scope will do.",
    parameters=PAGING,
    responses={200: OpenApiResponse(answers.TEMPLATE_PAGE, description="A page of templates.")},
    examples=[_example("target-templates", "One template", response_only=True)],
)
