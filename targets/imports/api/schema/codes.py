"""What item codes and warnings mean, and what the sender can do about them."""

from ordinavo.kernel.openapi.refusals import refusal
from targets.imports import errors

ITEM_CODES = {
    errors.MISSING_EXTERNAL_ID: "Send an `externalId` that is not blank.",
    errors.VALIDATION_FAILED: "A field is wrong; `path` and `code` say which and why.",
    errors.EXTERNAL_ID_EXISTS: "`create` met a known id. Use `upsert` or `update`.",
    errors.UNKNOWN_EXTERNAL_ID: "`update` or `cancel` met an unknown id. Use `upsert`, or check the id.",
    errors.SOURCE_SYSTEM_NOT_ALLOWED: "Leave `sourceSystem` out, or send your own.",
    errors.TARGET_IN_PROGRESS: "Work has begun: no cancelling, no new planning or place. Call the office.",
    errors.TARGET_CLOSED: "The target is completed, or cancelled and only an `upsert` opens it again.",
    errors.INTERNAL_ERROR: "Our fault. Send again; if it stays, tell us the correlation id.",
}

ITEM_WARNINGS = {
    "unknown_field": "The field is not known and was ignored. Check its spelling.",
    "unknown_template": "The tenant has no template with this key. See `GET /target-templates`.",
    "address_ignored": "There is a `location`; leave `address` out.",
    "contact_name_ignored": "There is a `contact`; leave `contactName` out.",
    "duplicate_in_batch": "The id stands in the batch before; both are done, in order. Send each id once.",
    "target_reopened": "The target was cancelled and is open again. If you did not mean that, cancel it.",
    "superseded": "A later request has changed the target already. Nothing to do.",
}

MISSING_EXTERNAL_ID = refusal(
    400,
    "missing_external_id",
    "externalId is missing: send your own id, 1 to 128 characters.",
    ITEM_CODES[errors.MISSING_EXTERNAL_ID],
    facts={"importJobId": 123},
    details=(
        {
            "path": "externalId",
            "code": "missing_external_id",
            "message": "externalId is missing: send your own id, 1 to 128 characters.",
        },
    ),
)
ITEM_REJECTED = refusal(
    422,
    "item_rejected",
    "No target has this external id; upsert or create makes one.",
    "Well-formed, but refused; `details[0].code` is the item code that says why.",
    facts={"importJobId": 123},
    details=(
        {
            "path": "externalId",
            "code": "unknown_external_id",
            "message": "No target has this external id; upsert or create makes one.",
        },
    ),
)
BATCH_TOO_LARGE = refusal(
    413,
    "batch_too_large",
    "This batch may have at most 10,000 items; it has 10,001.",
    "Send several batches: 10,000 items at most, 1,000 with `validateOnly`.",
)
