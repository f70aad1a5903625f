"""docs/events.md, written from the catalogue: `python -m webhooks.payload.page > docs/events.md`."""

import json
import sys
from collections.abc import Iterator

from webhooks.catalog.blocks import BLOCKS
from webhooks.catalog.members import Schema
from webhooks.catalog.types import EVENT_TYPES
from webhooks.payload.example import example_payload

_INTRODUCTION = """\
# Events: what they tell

Written from the catalogue in `webhooks/catalog`; a test holds it to it. Schemas and examples of all types
are at `GET /webhooks/event-types` too. How deliveries are verified and answered is in
[webhooks.md](webhooks.md).

## Who is told

* Events of targets, with their appointments, reports and bills, and `customer_mapping.resolved` go to
  every subscription of the target's source system.
* `import_job.*` and `route.suggestion.created` go to the client that made them; `route.published` goes to
  each source system with its own stops only.
* `billing.*` needs the client's feature `billing_webhooks`.
* A subscription names types, or all of a noun: `visit_report.*`.

An event is stored in the transaction of the change that it tells of: what is rolled back is never told,
what is committed always is. Nothing is told where nothing changed, nor with `validateOnly`. While a
subscription is off its deliveries are born `Cancelled` and can be replayed.

## What is in it

The envelope, then the blocks of the type. Ignore members that you don't know: there may be more. Data and
external ids are those of the event's time. A record that has several ids in your source system goes by
the one that was just sent, else by the least.

| option of the subscription | default | what it does |
|---|---|---|
| `customerContext` | true | off: no customer blocks; a report's title is the target's alone |
| `contactDetails` | false | adds role, e-mail and phone of the contact |
| `summaryPreview` | false | adds the first 280 characters of a report's summary |
| `billingDetails` | false | adds minutes and times of a billing event (feature `billing_webhooks`) |

Without the scope `customers.read` the customer blocks hold your own external ids and nothing else. Never
told: internal notes, access and parking notes, secrets, other tenants' and other source systems' ids, and
who of the staff did the work.
"""


def page() -> str:
    """Return the whole page."""
    return "\n".join([_INTRODUCTION, *_types(), *_blocks(), *_examples()])


def _types() -> Iterator[str]:
    yield "## Types\n\n| type | what happened | blocks |\n|---|---|---|"
    for one in EVENT_TYPES.values():
        blocks = ", ".join(f"`{name}`" for name in one.blocks) or "none"
        yield f"| `{one.name}` | {one.description} | {blocks} |"
    yield ""


def _blocks() -> Iterator[str]:
    yield "## Blocks\n"
    for name, block in BLOCKS.items():
        yield f"### `{name}`\n\n{block.description}\n\n| member | type | meaning |\n|---|---|---|"
        for member, schema in block.members.items():
            yield from _rows(member, schema)
        yield ""


def _rows(member: str, schema: Schema) -> Iterator[str]:
    yield f"| `{member}` | {_kind(schema)} | {schema['description']} |"
    inside = schema.get("items", schema)
    for name, inner in inside.get("properties", {}).items():
        yield from _rows(f"{member}{'[]' if 'items' in schema else ''}.{name}", inner)


def _kind(schema: Schema) -> str:
    if "enum" in schema:
        return ", ".join("null" if value is None else f"`{value}`" for value in schema["enum"])
    kinds: list[str] = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return " or ".join([str(schema.get("format", kinds[0])), *kinds[1:]])


def _examples() -> Iterator[str]:
    yield "## Examples"
    for name in ("target.imported", "target.rejected", "import_job.completed", "visit_report.approved"):
        example = json.dumps(example_payload(name), indent=2, ensure_ascii=False)
        yield f"\n### `{name}`\n\n```json\n{example}\n```"
    yield ""


if __name__ == "__main__":
    sys.stdout.write(page())
