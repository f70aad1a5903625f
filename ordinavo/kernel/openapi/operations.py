"""How endpoints are described in the OpenAPI document.

Beside its view an operation says only what is its own: summary, request, good answers, and as extensions
`x-refusals` (further error codes) and `x-headers` (status to header to whether it is always there). Errors,
shared headers, scopes and path ids follow from what the view is.
"""

import re
from typing import Any

from drf_spectacular.openapi import AutoSchema
from rest_framework.serializers import Field, Serializer

from ordinavo.kernel.openapi import refusals
from ordinavo.kernel.openapi.headers import CORRELATION, RATE, header_refs
from ordinavo.kernel.openapi.shapes import Schema

_ID = {"type": "integer", "format": "int64", "minimum": 1}
_READING = (refusals.NOT_ACCEPTABLE, refusals.RATE_LIMITED, refusals.UNAVAILABLE)
_DOOR = (refusals.UNAUTHORIZED, refusals.CLIENT_DISABLED, refusals.IP_NOT_ALLOWED)
_BODY = (refusals.INVALID_JSON, refusals.PAYLOAD_TOO_LARGE, refusals.UNSUPPORTED_MEDIA_TYPE)
_IDEMPOTENCY = (refusals.INVALID_KEY, refusals.IDEMPOTENCY_CONFLICT, refusals.IDEMPOTENCY_IN_PROGRESS)
_IDEMPOTENT_METHODS = {"POST", "PATCH"}


def camel(name: str) -> str:
    """Return `job_id` as `jobId`."""
    return re.sub(r"_(\w)", lambda found: found[1].upper(), name)


class ApiSchema(AutoSchema):
    """The description of one endpoint."""

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """Add what all operations share to what drf-spectacular found."""
        operation = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        own = operation.pop("x-refusals", ())
        headers = operation.pop("x-headers", {})
        operation.setdefault("security", [])
        operation["description"] += self._scope_sentence()
        operation["parameters"] = [*operation.get("parameters", []), *self._shared_parameters()]
        answers = self._good_answers(operation["responses"]) | refusals.answers(
            [*self._refusals("requestBody" in operation), *own], whole=headers
        )
        for status, wanted in headers.items():
            answers[status]["headers"] |= header_refs(wanted)
        operation["responses"] = dict(sorted(answers.items()))
        return operation

    def get_auth(self) -> list[dict[str, Any]]:
        """Name the scope beside the key; of several, any one is enough."""
        schemes = super().get_auth()
        return [
            {name: [scope]} for scheme in schemes for name in scheme for scope in self._scopes()
        ] or schemes

    @property
    def _public(self) -> bool:
        return not self.view.get_authenticators()

    @property
    def _idempotent(self) -> bool:
        return self.method in _IDEMPOTENT_METHODS

    def _scopes(self) -> tuple[str, ...]:
        needed = getattr(self.view, "required_scopes", {}).get(self.method, ())
        return tuple(map(str, needed)) if isinstance(needed, tuple) else (str(needed),)

    def _scope_sentence(self) -> str:
        # Beside the security requirement, which most tools don't show for bearer keys.
        return "\n\nScope: " + " or ".join(f"`{scope}`" for scope in self._scopes()) if self._scopes() else ""

    def _refusals(self, has_body: bool) -> list[str]:
        codes = [refusals.VALIDATION_FAILED, refusals.INTERNAL_ERROR]
        if self._public:
            return codes
        codes += [*_DOOR, *_READING]
        codes += [refusals.MISSING_SCOPE] if self._scopes() else []
        codes += [refusals.NOT_FOUND] if "{" in self.path else []
        codes += _BODY if has_body else ()
        return [*codes, *(_IDEMPOTENCY if self._idempotent else ())]

    def _shared_parameters(self) -> list[Schema]:
        names = [CORRELATION, *(["Idempotency-Key"] if self._idempotent else [])]
        return [{"$ref": f"#/components/parameters/{name}"} for name in names]

    def _good_answers(self, answers: dict[str, Any]) -> dict[str, Any]:
        shared = {"Idempotent-Replayed": False} if self._idempotent else {}
        shared |= {} if self._public else RATE
        return {
            status: {**answer, "headers": header_refs(shared) | answer.get("headers", {})}
            for status, answer in answers.items()
        }

    def _resolve_path_parameters(self, variables: list[str]) -> list[Schema]:
        return [
            {
                "name": camel(name),
                "in": "path",
                "required": True,
                "description": f"The id of the {name.removesuffix('_id').replace('_', ' ')}.",
                "schema": self._id_schema(name),
            }
            for name in variables
        ]

    def _id_schema(self, name: str) -> Schema:
        # Ids are whole numbers, unless the view shows in `opaque_ids` what theirs look like.
        example = getattr(self.view, "opaque_ids", {}).get(name)
        if example is None:
            return {**_ID, "examples": [123]}
        return {"type": "string", "maxLength": 40, "examples": [example]}

    def _map_basic_serializer(self, serializer: Serializer[Any], direction: str) -> Schema:
        # Unknown fields are a warning, never an error: say so to whoever generates code.
        schema = super()._map_basic_serializer(serializer, direction)  # type: ignore[no-untyped-call]
        for described in schema["properties"].values():
            described.pop("x-spec-enum-id", None)
        return {**schema, "additionalProperties": True}

    def _get_serializer_field_meta(self, field: Field[Any, Any, Any, Any], direction: str) -> Schema:
        meta: Schema = super()._get_serializer_field_meta(field, direction)  # type: ignore[no-untyped-call]
        example = field.style.get("example")
        return meta if example is None else {**meta, "examples": [example]}
