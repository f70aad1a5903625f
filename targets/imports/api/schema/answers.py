"""The shapes of the answers, as `targets.imports.api.outputs` gives them out."""

from ordinavo.kernel.choices import Priority
from ordinavo.kernel.openapi.refusals import DETAIL
from ordinavo.kernel.openapi.shapes import (
    component,
    flag,
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
from ordinavo.tenants.models import MINUTES_A_DAY
from targets.api.schema.mapping import MAPPING
from targets.imports.api.schema.codes import ITEM_CODES, ITEM_WARNINGS
from targets.imports.api.schema.limits import LISTED
from targets.imports.models import ImportItem, ImportJob

_MESSAGE = text("A sentence for people.", example="This field is not known; it was ignored.")
_PATH = text("Where in what you sent.", example="planning.prio")

WARNING = component(
    "Warning",
    thing(
        "Something you should know although the import went on.",
        {
            "code": text(f"New ones may come.\n\n{listed(ITEM_WARNINGS)}", example="unknown_field"),
            "message": _MESSAGE,
            "path": _PATH,
        },
    ),
)
_WHO = {
    "index": whole("Place in the request, from 0.", example=0, minimum=0),
    "externalId": text("As you sent it; empty if it was missing.", example="JOB-2026-000918", maxLength=128),
}
_WARNINGS = listing("What you should know.", WARNING)
IMPORTED = component(
    "ImportedItem",
    thing(
        "A target that was taken over.",
        {
            **_WHO,
            "status": words("Always this.", ["Imported"]),
            "result": words("What it did.", ImportItem.Result.values, example="Created"),
            "targetId": nullable(whole("Our id; null for new ones with `validateOnly`.", example=456)),
            "warnings": _WARNINGS,
            "customerMapping": nullable(MAPPING, "Null where no customer data was sent."),
        },
    ),
)
REJECTED = component(
    "RejectedItem",
    thing(
        "A target that was refused; nothing of it was taken over.",
        {
            **_WHO,
            "status": words("Always this.", ["Rejected"]),
            "errorCode": text(listed(ITEM_CODES), example="unknown_external_id"),
            "errorMessage": text(
                "A sentence for people.",
                example="No target has this external id; upsert or create makes one.",
            ),
            "errors": listing("The single faults.", DETAIL),
            "warnings": _WARNINGS,
        },
    ),
)
UNTOUCHED = component(
    "UntouchedItem",
    thing(
        "A target that was not worked on, or not yet.",
        {**_WHO, "status": words("`Pending`: not yet. `Skipped`: not any more.", ["Pending", "Skipped"])},
    ),
)
ITEM = component(
    "ImportItem",
    {
        "description": "One target of a job; its `status` says which members it has.",
        "oneOf": [IMPORTED, REJECTED, UNTOUCHED],
        "discriminator": {
            "propertyName": "status",
            "mapping": {
                "Imported": IMPORTED["$ref"],
                "Rejected": REJECTED["$ref"],
                "Pending": UNTOUCHED["$ref"],
                "Skipped": UNTOUCHED["$ref"],
            },
        },
    },
)
ITEM_PAGE = page("ImportItemPage", ITEM)

_COUNTED = {
    "totalItems": "All; the sum of the next seven.",
    "pendingItems": "Not yet worked on.",
    "createdItems": "New targets.",
    "updatedItems": "Changed targets.",
    "unchangedItems": "Targets that were like that already.",
    "cancelledItems": "Cancelled targets.",
    "rejectedItems": "Refused.",
    "skippedItems": "Not worked on, since the job was cancelled.",
    "warningItems": "With at least one warning.",
    "needsReviewItems": "Whose customer data waits for a manager.",
}
_COUNTERS = {name: whole(said, example=0, minimum=0) for name, said in _COUNTED.items()}
_JOB_PATH = "/api/connect/v1/import-jobs/123"

ACCEPTED = component(
    "ImportAccepted",
    thing(
        "The import was accepted. A single one is finished when this comes, a batch is worked off later.",
        {
            "importJobId": whole("The job, for `GET /import-jobs/{jobId}`.", example=123),
            "status": words("Says that the job was accepted; its course is read from the job.", ["Accepted"]),
            **_COUNTERS,
            "items": listing(
                f"The targets, in the order of the request: the first {LISTED}, more are read from the job.",
                ITEM,
            ),
            "links": thing("Where to read on.", {"importJob": text("Path of the job.", example=_JOB_PATH)}),
        },
    ),
)
JOB = component(
    "ImportJob",
    thing(
        "One request with targets, and how far it came.",
        {
            "id": whole("Its id.", example=123),
            "status": words(
                "`Accepted`, `Processing`, then `Cancelled` (items were skipped), `Failed` (all refused), "
                "`PartiallyFailed` (some) or `Completed` (none).",
                ImportJob.Status.values,
                example="Completed",
            ),
            **_COUNTERS,
            "progressPercent": whole("Items that are done.", example=100, minimum=0, maximum=100),
            "validateOnly": flag("Whether it only said what would happen."),
            "batchId": nullable(text("Your own name of the batch.", example="2026-07-01-night")),
            "correlationId": text("Of the request that made it.", example="order-4711"),
            "retryOf": nullable(whole("The job whose items this one tries again.", example=122)),
            "createdAt": instant("When it was accepted."),
            "startedAt": nullable(instant("When work began.")),
            "finishedAt": nullable(instant("When the last item was done.")),
            "links": thing(
                "Where to read on.",
                {
                    "self": text("This job.", example=_JOB_PATH),
                    "items": text("Its items.", example=f"{_JOB_PATH}/items"),
                    "errors": text("Its refused items as CSV.", example=f"{_JOB_PATH}/errors.csv"),
                },
            ),
        },
    ),
)
JOB_PAGE = page("ImportJobPage", JOB)
TEMPLATE = component(
    "TargetTemplate",
    thing(
        "A kind of job that the tenant knows.",
        {
            "key": text("For `templateKey`.", example="delivery_stop", maxLength=64),
            "name": text("Name.", example="Delivery stop"),
            "description": text("What it is for; may be empty."),
            "defaultEstimatedWorkMinutes": nullable(
                whole(
                    "Minutes of work, if the tenant has set them.",
                    example=20,
                    minimum=1,
                    maximum=MINUTES_A_DAY,
                )
            ),
            "defaultPriority": nullable(words("Priority, if the tenant has set one.", Priority.values)),
        },
    ),
)
TEMPLATE_PAGE = page("TargetTemplatePage", TEMPLATE)
