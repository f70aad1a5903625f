"""The operations of the inbound API, as decorators for its views."""

import json
from pathlib import Path
from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema

from ordinavo.kernel.openapi.parameters import filters_of
from ordinavo.kernel.openapi.refusals import CONFLICT
from targets.imports.api.filters import ItemFilters, JobFilters, TemplateFilters
from targets.imports.api.payload import TargetPayload
from targets.imports.api.schema import answers
from targets.imports.api.schema.codes import BATCH_TOO_LARGE, ITEM_REJECTED, MISSING_EXTERNAL_ID
from targets.imports.api.schema.requests import BATCH

EXAMPLES = Path(__file__).parent.parent / "examples"
_INBOUND, _JOBS = "Inbound targets", "Import jobs"


def _example(name: str, summary: str, **kind: Any) -> OpenApiExample:
    value = json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"))
    return OpenApiExample(name, summary=summary, value=value, **kind)


def _example_csv() -> OpenApiExample:
    value = (EXAMPLES / "import-job-errors.csv").read_text("utf-8")
    return OpenApiExample(
        "errors", summary="Two faults", value=value, media_type="text/csv", response_only=True
    )


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

import_batch = extend_schema(
    operation_id="importTargetBatch",
    tags=[_INBOUND],
    summary="Import up to 10,000 targets",
    description=(
        "Stores the targets, answers, and works them off in the order of the list. Items whose form is wrong "
        "are `Rejected` at once, all others are `Pending`: read the job until it has `finishedAt`. Each item "
        "has its own fate; a refused one never undoes another.\n\n"
        "With `validateOnly` a batch may have 1,000 items. It is worked off like any other, and everything "
        "is taken back.\n\n"
        "If one item holds a `location`, a `contact`, or a `customer` with `externalId` or `customerNumber`, "
        "the batch as a whole needs the scope `customers.map`.\n\n"
        "The body may have 20 MiB and 32 levels."
    ),
    request={"application/json": BATCH},
    parameters=[VALIDATE_ONLY],
    responses={
        202: OpenApiResponse(answers.ACCEPTED, description="Stored; the job says what becomes of it.")
    },
    examples=[
        _example("inbound-batch", "Two targets with their customers", request_only=True),
        _example("inbound-batch-cancel", "Cancel targets", request_only=True),
        _example(
            "batch-accepted", "One item waits, one is refused", response_only=True, status_codes=["202"]
        ),
    ],
    extensions={"x-refusals": [BATCH_TOO_LARGE], "x-headers": {"202": {"Location": True}}},
)

list_import_jobs = extend_schema(
    operation_id="listImportJobs",
    tags=[_JOBS],
    summary="List your import jobs",
    description="The jobs of your client, newest first.",
    parameters=filters_of(JobFilters),
    responses={200: OpenApiResponse(answers.JOB_PAGE, description="A page of jobs.")},
    examples=[_example("import-jobs", "A running and a finished job", response_only=True)],
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
    parameters=filters_of(ItemFilters),
    responses={200: OpenApiResponse(answers.ITEM_PAGE, description="A page of items.")},
    examples=[_example("import-job-items", "A new and a refused target", response_only=True)],
)

get_import_job_errors = extend_schema(
    operation_id="getImportJobErrors",
    tags=[_JOBS],
    summary="Download the refused items",
    description=(
        "A CSV file in UTF-8 for the people who mend the data: a head, then one line per fault with "
        "`index`, `externalId`, `code`, `message`, `path` and `payload` (what was sent, as JSON). Cells that "
        "a spreadsheet would take for a formula begin with `'`."
    ),
    responses={(200, "text/csv"): OpenApiResponse({"type": "string"}, description="The file.")},
    examples=[_example_csv()],
    extensions={"x-headers": {"200": {"Content-Disposition": True}}},
)

cancel_import_job = extend_schema(
    operation_id="cancelImportJob",
    tags=[_JOBS],
    summary="Cancel an import job",
    description=(
        "Items that are not worked off yet become `Skipped`; what is done stays done. An ended job is "
        "refused with `conflict`."
    ),
    request=None,
    responses={200: OpenApiResponse(answers.JOB, description="The job, `Cancelled`.")},
    examples=[_example("import-job-cancelled", "A cancelled job", response_only=True)],
    extensions={"x-refusals": [CONFLICT]},
)

retry_import_job = extend_schema(
    operation_id="retryImportJob",
    tags=[_JOBS],
    summary="Retry an import job",
    description=(
        "Makes a new job of the refused and skipped items of an ended one, as they were sent. They keep "
        "their place in the order of requests: what a later request changed stays, and the item is "
        "`Unchanged` with the warning `superseded`. A running job, or one with nothing to retry, is refused "
        "with `conflict`. If the items hold customer data, the scope `customers.map` is needed again."
    ),
    request=None,
    responses={202: OpenApiResponse(answers.JOB, description="The new job; `retryOf` names the old one.")},
    examples=[_example("import-job-retried", "Ten items again", response_only=True, status_codes=["202"])],
    extensions={"x-refusals": [CONFLICT], "x-headers": {"202": {"Location": True}}},
)

list_target_templates = extend_schema(
    operation_id="listTargetTemplates",
    tags=[_INBOUND],
    summary="List the target templates",
    description="The keys that `templateKey` may have. Any import scope will do.",
    parameters=filters_of(TemplateFilters),
    responses={200: OpenApiResponse(answers.TEMPLATE_PAGE, description="A page of templates.")},
    examples=[_example("target-templates", "One template", response_only=True)],
)
