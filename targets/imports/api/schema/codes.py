"""What item codes and warnings mean, and what the sender can do about them."""

from collections.abc import Mapping

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
    "target_reopened": "The target was cancelled and is open again. If you did not mean that, cancel it.",
    "superseded": "A later request has changed the target already. Nothing to do.",
}

MAPPING_WARNINGS = {
    "mapping_scope_missing": "The customer was kept as text. Ask for the scope `customers.map`.",
    "mapping_needs_review": "A manager decides; the target follows by itself.",
    "ambiguous_customer": "Several customers fit; a manager decides. Send an `externalId`.",
    "ambiguous_contact": "Several contacts fit; a manager decides. Send an `externalId`.",
    "customer_number_conflict": "Id and number name different customers; a manager decides. Check your data.",
    "customer_inactive": "The customer is inactive; a manager decides.",
    "location_of_other_customer": "The location is another customer's; a manager decides. Check your data.",
    "contact_of_other_customer": "The contact is another customer's; a manager decides. Check your data.",
    "customer_not_found": "No customer fits and none may be created. Have it created, or ask for creation.",
    "location_not_found": "No location fits and none may be created. Have it created, or ask for creation.",
    "contact_not_found": "No contact fits and none may be created. Have it created, or ask for creation.",
    "create_not_permitted": "Creating needs the scope `customers.write`. Ask for it.",
    "create_needs_external_id": "Nothing is created without an `externalId`. Send one.",
    "update_not_permitted": "Your data differs and was not taken over. The message says what is missing.",
    "customer_number_kept": "Imports never change a customer number. Have a manager change it.",
}

MISSING_EXTERNAL_ID = refusal(
    400,
    "missing_external_id",
    "externalId is missing.",
    ITEM_CODES[errors.MISSING_EXTERNAL_ID],
    facts={"importJobId": 123},
    details=({"path": "externalId", "code": "missing_external_id", "message": "externalId is missing."},),
)
ITEM_REJECTED = refusal(
    422,
    "item_rejected",
    "No target has this external id.",
    "Well-formed, but refused; `details[0].code` is the item code that says why.",
    facts={"importJobId": 123},
    details=(
        {"path": "externalId", "code": "unknown_external_id", "message": "No target has this external id."},
    ),
)


def listed(codes: Mapping[str, str]) -> str:
    """Return codes and meanings as a Markdown list."""
    return "\n".join(f"- `{code}`: {meaning}" for code, meaning in codes.items())
