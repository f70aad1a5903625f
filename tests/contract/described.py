"""The OpenAPI document as a judge: is this answer what it says?"""

import json
from collections.abc import Callable, Iterator
from typing import Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from openapi_schema_validator import oas31_format_checker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from ordinavo.kernel.openapi.document import document
from tests.api import Answer

_URI = "urn:document"
# What the fixture `checked` is: answer, method, path, status and code in, the body out.
Check = Callable[..., dict[str, Any]]


def strict(node: Any) -> Any:
    """Return schemas that allow no member which they don't name; maps and open objects stay as they are."""
    if isinstance(node, list):
        return [strict(inner) for inner in node]
    if not isinstance(node, dict):
        return node
    closed = {name: strict(inner) for name, inner in node.items()}
    if isinstance(closed.get("properties"), dict) and "type" in closed:
        closed.setdefault("additionalProperties", False)
    return closed


def schemas(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every object schema below a node, with its path."""
    if isinstance(node, dict):
        if isinstance(node.get("properties"), dict):
            yield path, node
        for name, inner in node.items():
            yield from schemas(inner, f"{path}/{name}")
    elif isinstance(node, list):
        for position, inner in enumerate(node):
            yield from schemas(inner, f"{path}/{position}")


class Described:
    """Checks answers and bodies against the document."""

    def __init__(self) -> None:
        self.document: dict[str, Any] = json.loads(document().body)
        resource = DRAFT202012.create_resource(strict(self.document))
        self._registry: Registry = Registry().with_resource(_URI, resource)

    def operations(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Yield path, method and description of every operation."""
        for path, item in self.document["paths"].items():
            for method, operation in item.items():
                yield path, method, operation

    def resolved(self, node: dict[str, Any]) -> dict[str, Any]:
        """Follow a reference, if it is one."""
        if "$ref" not in node:
            return node
        found: Any = self.document
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return self.resolved(found)

    def faults(self, value: Any, schema: dict[str, Any]) -> list[str]:
        """Return what is wrong with a value, as sentences."""
        absolute = json.loads(json.dumps(strict(schema)).replace('"#/', f'"{_URI}#/'))
        validator = Draft202012Validator(
            absolute, registry=self._registry, format_checker=oas31_format_checker
        )
        return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]

    def check(self, answer: Answer, method: str, path: str) -> None:
        """Assert that status, headers and body are as described for the operation."""
        answers = self.document["paths"][path][method]["responses"]
        assert str(answer.status_code) in answers, (answer.status_code, answer.content)
        self.judge(answer, self.resolved(answers[str(answer.status_code)]))

    def shared(self, code: str) -> dict[str, Any]:
        """Return the shared description of an error answer."""
        return self.resolved({"$ref": f"#/components/responses/{code}"})

    def judge(self, answer: Answer, described: dict[str, Any]) -> None:
        """Assert that headers and body are as described."""
        self._check_headers(answer, described["headers"])
        if "content" not in described:
            assert answer.content == b""
            return
        media = described["content"][answer.headers["Content-Type"].split(";")[0]]
        if "schema" in media and answer.headers["Content-Type"] == "application/json":
            self._check_body(answer, media)

    def _check_headers(self, answer: Answer, headers: dict[str, Any]) -> None:
        for name, reference in headers.items():
            header = self.resolved(reference)
            sent = answer.headers.get(name)
            if sent is None:
                assert not header.get("required"), f"{name} is missing"
                continue
            value = int(sent) if header["schema"]["type"] == "integer" else sent
            assert self.faults(value, header["schema"]) == [], name

    def _check_body(self, answer: Answer, media: dict[str, Any]) -> None:
        body = json.loads(answer.content)
        assert self.faults(body, media["schema"]) == [], body
        if answer.status_code >= 400:
            assert body["error"]["code"] in media["examples"], body
            assert body["error"]["correlationId"] == answer.headers["X-Correlation-Id"]
