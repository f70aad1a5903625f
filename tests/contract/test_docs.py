"""docs/api.md names every code, with the same advice as the document."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from ordinavo.kernel.instants import MESSAGES
from ordinavo.kernel.openapi.refusals import table
from targets.api.schema.mapping import MAPPING_WARNINGS
from targets.imports.api.schema.codes import ITEM_CODES, ITEM_WARNINGS

ROOMS = ("customers", "targets")
# A warning is made by `Warn(code, …)`, a verdict by `ask(code, …)` or `leave(code, …)`.
_MADE = re.compile(r'\b(?:Warn|ask|leave|warned)\(\s*f?"(\{[\w.]+\})?([a-z_]+)"')


@pytest.fixture(scope="module")
def guide() -> str:
    return (Path(settings.BASE_DIR) / "docs" / "api.md").read_text("utf-8")


def test_the_guide_says_of_every_error_what_the_document_says(guide: str) -> None:
    assert table() in guide


@pytest.mark.parametrize("codes", [ITEM_CODES, ITEM_WARNINGS, MAPPING_WARNINGS])
def test_the_guide_explains_every_item_code_and_warning(guide: str, codes: dict[str, str]) -> None:
    assert "\n".join(f"| `{code}` | {meaning} |" for code, meaning in codes.items()) in guide


def test_every_warning_that_the_code_can_give_is_explained() -> None:
    explained = {*ITEM_WARNINGS, *MAPPING_WARNINGS}
    made = [
        (kind, code)
        for room in ROOMS
        for module in (Path(settings.BASE_DIR) / room).rglob("*.py")
        for kind, code in _MADE.findall(module.read_text("utf-8"))
    ]
    assert len(made) > 12
    unexplained = [
        code
        for kind, code in made
        if not any(known == code or (kind and code in known) for known in explained)
    ]
    assert unexplained == []


def test_the_guide_explains_every_fault_of_a_field_or_parameter(guide: str) -> None:
    base = Path(settings.BASE_DIR)
    modules = [
        *(base / "targets" / "imports" / "api").glob("*.py"),
        *(base / "webhooks").glob("[as]*/*.py"),
        base / "ordinavo" / "kernel" / "outbound" / "judge.py",
        *(base / "ordinavo" / "kernel").glob("*.py"),
    ]
    source = "".join(path.read_text("utf-8") for path in modules)
    made = {*MESSAGES, *re.findall(r'self\.fail\(\s*"(\w+)"', source)}
    made |= set(re.findall(r'(?:ErrorDetail|Detail)\([^()]*?"([a-z_]+)"(?:, (?:message|"[^"]*"))?\)', source))
    made |= set(re.findall(r'_refused\(\w+, "([a-z_]+)"', source))
    made |= set(re.findall(r'status, code = 400, "(\w+)"', source))
    expected = {"invalid", "timezone_required", "incomplete_coordinates", "conflicting_values", "min_length"}
    assert expected | {"unknown_parameter", "repeated", "blank"} <= made
    assert [code for code in sorted(made) if f"`{code}`" not in guide] == []
