"""Small builders for JSON Schema, so that the shape of an answer reads like a table."""

from collections.abc import Collection, Mapping
from typing import Any

Schema = dict[str, Any]

# Named schemas; rooms add theirs when their API modules are loaded.
SCHEMAS: dict[str, Schema] = {}


def component(name: str, schema: Schema) -> Schema:
    """Keep a schema under a name and return the reference to it."""
    SCHEMAS[name] = schema
    return {"$ref": f"#/components/schemas/{name}"}


def text(description: str, *, example: str | None = None, **limits: Any) -> Schema:
    """A string."""
    return _with_example({"type": "string", "description": description, **limits}, example)


def words(description: str, choices: Collection[str], *, example: str | None = None) -> Schema:
    """One of a few strings."""
    return text(description, example=example, enum=list(choices))


def instant(description: str, *, example: str = "2026-06-18T16:40:00Z") -> Schema:
    """A time in UTC, RFC 3339."""
    return text(description, example=example, format="date-time")


def whole(description: str, *, example: int | None = None, **limits: Any) -> Schema:
    """A whole number of at most 64 bits."""
    schema = {"type": "integer", "format": "int64", "description": description, **limits}
    return _with_example(schema, example)


def number(description: str, *, example: float | None = None, **limits: Any) -> Schema:
    """A number."""
    return _with_example({"type": "number", "description": description, **limits}, example)


def flag(description: str) -> Schema:
    """true or false."""
    return {"type": "boolean", "description": description}


def listing(description: str, of: Schema) -> Schema:
    """A list."""
    return {"type": "array", "description": description, "items": of}


def thing(description: str, members: Mapping[str, Schema], *, optional: Collection[str] = ()) -> Schema:
    """An object; members that are not named as optional are always there."""
    return {
        "type": "object",
        "description": description,
        "properties": dict(members),
        "required": [name for name in members if name not in optional],
    }


def nullable(schema: Schema, description: str = "") -> Schema:
    """Allow null, too; a reference needs a description of its own."""
    if "$ref" in schema or "oneOf" in schema:
        return {"description": description, "oneOf": [schema, {"type": "null"}]}
    loose = {**schema, "type": [schema["type"], "null"]}
    if "enum" in schema:
        loose["enum"] = [*schema["enum"], None]
    return loose


def listed(codes: Mapping[str, str]) -> str:
    """Return codes and meanings as a Markdown list."""
    return "\n".join(f"- `{code}`: {meaning}" for code, meaning in codes.items())


def page(name: str, of: Schema) -> Schema:
    """A page of a list, as `ordinavo.kernel.pagination` gives it out."""
    cursor = "Path of the {} page, with the same filters; null on the {} one. Follow it as it stands."
    path = "/api/connect/v1/…?cursor=WzAsNTBd:1wZ"
    members = {
        "results": listing("This page.", of),
        "next": nullable(text(cursor.format("next", "last"), example=path)),
        "previous": nullable(text(cursor.format("previous", "first"))),
    }
    return component(name, thing("One page of a list.", members))


def _with_example(schema: Schema, example: object) -> Schema:
    return schema if example is None else {**schema, "examples": [example]}
