"""The shape of a batch; that of its items is derived from their form."""

from ordinavo.kernel.openapi.shapes import component, nullable, text, words
from targets.imports.api.payload import OPERATIONS
from targets.imports.api.schema.limits import MOST_ITEMS

_ITEMS = {
    "type": "array",
    "minItems": 1,
    "maxItems": MOST_ITEMS,
    "items": {"$ref": "#/components/schemas/TargetPayload"},
}
BATCH = component(
    "TargetBatch",
    {
        "type": "object",
        "description": "Many targets. Send `items`, or `targets`, which means the same.",
        "properties": {
            "items": {**_ITEMS, "description": "The targets, in the order in which they take effect."},
            "targets": {**_ITEMS, "description": "Another name for `items`."},
            "batchId": nullable(
                text(
                    "Your own name of the batch; jobs are found by it.",
                    example="2026-07-01-night",
                    maxLength=128,
                )
            ),
            "sourceSystem": nullable(
                text("For every item that does not name one.", example="logistics_erp", maxLength=50)
            ),
            "operation": nullable(
                words("For every item that does not name one.", OPERATIONS, example="upsert")
            ),
        },
        "anyOf": [{"required": ["items"]}, {"required": ["targets"]}],
        "additionalProperties": True,
    },
)
