"""What all API endpoints share."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework.request import Request
from rest_framework.views import APIView

from ordinavo.kernel.errors import Detail, InvalidJson, NotFound, ValidationFailed
from ordinavo.kernel.promised import promised_headers
from ordinavo.kernel.ulids import ulid_of

LARGEST_ID = 2**63 - 1
INVALID_QUERY = "One or more query parameters are invalid."


class ApiView(APIView):
    """Base of every endpoint.

    `required_scopes` maps a method to the scope it needs, or to a tuple of which any one is enough;
    permissions check it before the body is read.
    """

    required_scopes: Mapping[str, str | tuple[str, ...]] = {}
    # OPTIONS would answer with a description of the view in DRF's own shape.
    http_method_names = ["get", "post", "put", "patch", "delete", "head"]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check key and scope, then the query string."""
        super().initial(request, *args, **kwargs)
        _refuse_nul(request)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Add the headers that were decided before the view was asked, to refusals too."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        for name, value in promised_headers(request._request).items():
            answer.headers[name] = value
        return answer

    def authorize_body(self, request: Request) -> None:
        """Raise unless the caller may ask for what stands in the body.

        `@idempotent` calls this first, so that a replay too needs the scopes that the body asks for.
        """


def _refuse_nul(request: Request) -> None:
    # PostgreSQL takes no NUL in text, so one in a filter would end as an error of ours.
    names = [name for name, values in request.query_params.lists() if "\0" in name + "".join(values)]
    if names:
        details = [
            Detail(path=f"query.{name}".replace("\0", ""), code="invalid", message="NUL is not allowed.")
            for name in names
        ]
        raise ValidationFailed(INVALID_QUERY, details=details)


def json_object(request: Request) -> dict[str, Any]:
    """Return the body, which must be a JSON object; no body at all is not JSON either."""
    data = request.data
    if request.stream is None:
        raise InvalidJson("The body is empty; send a JSON object.")
    if not isinstance(data, dict):
        detail = Detail(path="", code="not_an_object", message="Must be a JSON object.")
        raise ValidationFailed("The body must be a JSON object.", details=[detail])
    return data


def optional_object(request: Request) -> dict[str, Any]:
    """Return the body where an endpoint can do without one: nothing and null count as `{}`."""
    return {} if request.stream is None or request.data is None else json_object(request)


def query_flag(request: Request, name: str) -> bool:
    """Return a true/false query parameter, False if absent; anything else is a 400 that names it."""
    raw = request.query_params.get(name, "false")
    if raw not in {"true", "false"}:
        detail = Detail(path=f"query.{name}", code="invalid", message="Must be true or false.")
        raise ValidationFailed(INVALID_QUERY, details=[detail])
    return raw == "true"


def row_id(raw: str) -> int:
    """Return an id from a path; what can't be a 64-bit id is not found, like an id that nobody has."""
    if raw.isascii() and raw.isdigit() and len(raw) < 20 and int(raw) <= LARGEST_ID:
        return int(raw)
    raise NotFound("There is nothing with this id.")


def opaque_id(prefix: str, raw: str) -> UUID:
    """Return an id such as `evt_01JZ8…` from a path; what can't be one of this kind is not found."""
    found = ulid_of(prefix, raw)
    if found is None:
        raise NotFound("There is nothing with this id.")
    return found


def endpoint(route: str, view: type[ApiView], name: str) -> Any:
    """Return a URL pattern for a view class."""
    return path(route, view.as_view(), name=name)
