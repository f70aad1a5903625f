"""What blocks of a payload are made of: members with their JSON schemas."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Schema = dict[str, Any]

# The payload option without which a member is not sent, or the right of the client.
CONTACT_DETAILS, SUMMARY_PREVIEW, BILLING_DETAILS = "contactDetails", "summaryPreview", "billingDetails"
CUSTOMER_CONTEXT = "customerContext"

SUMMARY_LENGTH = 280


def text(description: str, *, null: bool = False) -> Schema:
    """Return the schema of a text."""
    return {"type": ["string", "null"] if null else "string", "description": description}


def number(description: str, *, null: bool = False) -> Schema:
    """Return the schema of a whole number."""
    return {"type": ["integer", "null"] if null else "integer", "description": description}


def flag(description: str) -> Schema:
    """Return the schema of a yes or no."""
    return {"type": "boolean", "description": description}


def moment(description: str, *, null: bool = False) -> Schema:
    """Return the schema of an instant in UTC."""
    return {**text(description, null=null), "format": "date-time"}


def day(description: str, *, null: bool = False) -> Schema:
    """Return the schema of a date."""
    return {**text(description, null=null), "format": "date"}


def choice(description: str, *values: str, null: bool = False) -> Schema:
    """Return the schema of one of some words."""
    return {**text(description, null=null), "enum": [*values, *([None] if null else [])]}


def group(description: str, **members: Schema) -> Schema:
    """Return the schema of an object whose members are always there."""
    return {
        "type": "object",
        "description": description,
        "properties": members,
        "required": list(members),
    }


def or_null(schema: Schema) -> Schema:
    """Return the same schema, null allowed."""
    return {**schema, "type": [schema["type"], "null"]}


def listing(description: str, item: Schema) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "description": description, "items": item}


@dataclass(frozen=True)
class Block:
    """One part of a payload.

    `needs` names, by member, the option that a subscription must have switched on. `optional` members may be
    missing for other reasons, which their description tells.
    """

    description: str
    members: Mapping[str, Schema]
    needs: Mapping[str, str] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()

    @property
    def schema(self) -> Schema:
        """The block's JSON schema."""
        spared = self.optional | self.needs.keys()
        return {
            "type": "object",
            "description": self.description,
            "properties": dict(self.members),
            "required": [name for name in self.members if name not in spared],
        }
