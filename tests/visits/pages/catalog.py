"""What MyDay says, found in its source, and what the German catalogue holds: with Python alone."""

import ast
import gettext
from collections.abc import Iterator
from pathlib import Path

from django.template import engines
from django.template.base import Node, Template
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

ROOT = Path(__file__).resolve().parents[3]
CATALOG = ROOT / "targets" / "visits" / "locale" / "de" / "LC_MESSAGES" / "django.po"
_CALLS = {"_", "gettext", "gettext_lazy"}


def said() -> set[str]:
    """Return every text that is translated, of templates and of Python."""
    found = {text for path in (ROOT / "targets" / "visits").rglob("*.py") for text in _of_python(path)}
    templates = (ROOT / "templates" / "myday").rglob("*.html")
    return found.union(*(_of_template(path) for path in templates))


def written() -> dict[str, list[str]]:
    """Return the entries of the .po file: the text, and its translations (several for plurals)."""
    entries: dict[str, list[str]] = {}
    for block in CATALOG.read_text("utf-8").split("\n\n"):
        parts = _parts(block)
        if parts.get("msgid"):
            entries[parts["msgid"]] = [text for name, text in parts.items() if name.startswith("msgstr")]
    return entries


def compiled() -> dict[str, list[str]]:
    """Return the entries of the .mo file, in the same form."""
    with CATALOG.with_suffix(".mo").open("rb") as file:
        stored = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    entries: dict[str, list[str]] = {}
    for key, text in stored.items():
        if key:
            entries.setdefault(key[0] if isinstance(key, tuple) else key, []).append(text)
    return entries


def _of_python(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(text)), *_]) if name in _CALLS:
                yield text


def _of_template(path: Path) -> set[str]:
    name = str(path.relative_to(ROOT / "templates"))
    template: Template = engines["django"].get_template(name).template  # type: ignore[attr-defined]
    return {text for node in template.nodelist.get_nodes_by_type(Node) for text in _of_node(node)}


def _of_node(node: Node) -> Iterator[str]:
    if isinstance(node, TranslateNode):
        yield str(node.filter_expression.var.literal)
    if isinstance(node, BlockTranslateNode):
        yield node.render_token_list(node.singular)[0]


def _parts(block: str) -> dict[str, str]:
    """Return the strings of one entry by keyword; continued lines are joined."""
    parts: dict[str, str] = {}
    keyword = ""
    for line in block.splitlines():
        if line.startswith("msg"):
            keyword, _, line = line.partition(" ")  # noqa: PLW2901
            parts[keyword] = ""
        if line.startswith('"'):
            parts[keyword] += ast.literal_eval(line)
    return parts
