"""docs/events.md is what the catalogue says."""

from pathlib import Path

from django.conf import settings

from webhooks.catalog.blocks import BLOCKS
from webhooks.catalog.types import EVENT_TYPES
from webhooks.payload.page import page


def test_the_page_is_as_the_catalogue_says() -> None:
    stored = (Path(settings.BASE_DIR) / "docs" / "events.md").read_text("utf-8")
    assert stored == page(), "Run: python -m webhooks.payload.page > docs/events.md"


def test_the_page_names_every_type_block_and_member() -> None:
    text = page()
    assert [name for name in EVENT_TYPES if f"| `{name}` |" not in text] == []
    assert [
        (name, member)
        for name, block in BLOCKS.items()
        for member in block.members
        if f"### `{name}`" not in text or f"| `{member}` |" not in text
    ] == []
