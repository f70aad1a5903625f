"""The whole document, made once per process."""

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.settings import spectacular_settings

from ordinavo.kernel.openapi import refusals
from ordinavo.kernel.openapi.headers import HEADERS, PARAMETERS
from ordinavo.kernel.openapi.operations import camel
from ordinavo.kernel.openapi.shapes import SCHEMAS


@dataclass(frozen=True, slots=True)
class Document:
    """The document as JSON, and its version."""

    body: bytes
    etag: str


# drf-spectacular's registries are filled at their first use and cannot be entered by two threads then.
_making = Lock()


def document() -> Document:
    """Return the document of this process; the first call makes it, others wait for it."""
    with _making:
        return _made()


@cache
def _made() -> Document:
    generator = SchemaGenerator(urlconf=spectacular_settings.SERVE_URLCONF)  # type: ignore[no-untyped-call]
    made = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    body = json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode()
    return Document(body, f'"{hashlib.sha256(body).hexdigest()[:16]}"')


def complete(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """drf-spectacular's hook: add shared components and the table of codes, spell path ids in camelCase."""
    components = result["components"]
    components["schemas"] = dict(sorted({**components.get("schemas", {}), **SCHEMAS}.items()))
    components["headers"] = HEADERS
    components["parameters"] = PARAMETERS
    components["responses"] = refusals.shared_answers()
    components["examples"] = {code: one.example() for code, one in refusals.CATALOGUE.items()}
    result["paths"] = {_with_camel_variables(path): item for path, item in result["paths"].items()}
    result["info"]["description"] = result["info"]["description"].replace("[[codes]]", refusals.table())
    return result


def _with_camel_variables(path: str) -> str:
    return re.sub(r"\{\w+\}", lambda found: camel(found[0]), path)
