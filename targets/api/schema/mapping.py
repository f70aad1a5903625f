"""The shape of `customerMapping`, and what its warnings mean."""

from customers.matching.mapping import STATUSES
from customers.models import MatchedBy
from ordinavo.kernel.openapi.shapes import (
    component,
    listed,
    listing,
    nullable,
    number,
    text,
    thing,
    whole,
    words,
)

MAPPING_WARNINGS = {
    "mapping_scope_missing": "The customer was kept as text. Ask for the scope `customers.map`.",
    "mapping_needs_review": "A manager decides; the target follows by itself.",
    "ambiguous_customer": "Several customers fit; a manager decides. Send an `externalId`.",
    "ambiguous_location": "Several locations fit; a manager decides. Send an `externalId`.",
    "ambiguous_contact": "Several contacts fit; a manager decides. Send an `externalId`.",
    "probable_match": "Probably a known record, but not surely; a manager decides. Send an `externalId`.",
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

MAPPING_WARNING = component(
    "MappingWarning",
    thing(
        "What stood in the way of mapping. Without the scope `customers.read` there is only the code, and "
        "codes that would tell of other records are given as `mapping_needs_review`.",
        {
            "code": text(f"New ones may come.\n\n{listed(MAPPING_WARNINGS)}", example="customer_not_found"),
            "message": text("A sentence for people."),
            "path": text("Which record.", example="customer"),
        },
        optional=("message", "path"),
    ),
)
MATCH = component(
    "MappingDetail",
    thing(
        "How one record was found.",
        {
            "matchedBy": nullable(
                words("What led to it; null if nothing did.", MatchedBy.values, example="externalId")
            ),
            "score": nullable(
                number("1 is certain; null without a match.", minimum=0, maximum=1, example=1.0)
            ),
            "evidence": {
                "type": "object",
                "description": "What each compared field says.",
                "additionalProperties": {"type": "string", "examples": ["agrees"]},
            },
            "shares": {
                "type": "object",
                "description": "By name and address: how many bits each field speaks for the record, or "
                "against it if negative. One bit more doubles the odds.",
                "additionalProperties": {"type": "number", "examples": [21.4]},
            },
            "runnerUpScore": nullable(number("Of the next best record.", minimum=0, maximum=1)),
            "margin": nullable(
                number("How clear of the next best, by name and address.", minimum=0, maximum=0.5)
            ),
        },
        optional=("shares", "margin"),
    ),
)
MAPPING = component(
    "CustomerMapping",
    thing(
        "Which customer, location and contact the sent records became. The ids and `details` need the scope "
        "`customers.read`.",
        {
            "status": words("The first that applies, in this order.", STATUSES, example="Mapped"),
            "customerId": nullable(whole("Our id of the customer.", example=12)),
            "customerLocationId": nullable(whole("Our id of the location.", example=34)),
            "customerContactId": nullable(whole("Our id of the contact.", example=56)),
            "warnings": listing("What stood in the way.", MAPPING_WARNING),
            "details": thing(
                "One entry for each record that was sent.",
                {"customer": MATCH, "location": MATCH, "contact": MATCH},
                optional=("customer", "location", "contact"),
            ),
        },
        optional=("customerId", "customerLocationId", "customerContactId", "details"),
    ),
)
