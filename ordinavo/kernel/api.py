"""What all API endpoints share."""

from typing import Any

from django.urls import path
from rest_framework.request import Request
from rest_framework.views import APIView

from ordinavo.kernel.errors import Detail, NotFound, ValidationFailed

LARGEST_ID = 2**63 - 1


class ApiView(APIView):
    """Base of every endpoint.

    `required_scopes` maps a method to the scope it needs; permissions check it before the body is read.
    """

    required_scopes: dict[str, str] = {}


def query_flag(request: Request, name: str) -> bool:
    """Return a true/false query parameter, False if absent; anything else is a 400 that names it."""
    raw = request.query_params.get(name, "false")
    if raw not in {"true", "false"}:
        detail = Detail(path=f"query.{name}", code="invalid", message="Must be true or false.")
        raise ValidationFailed("One or more query parameters are invalid.", details=[detail])
    return raw == "true"


def row_id(raw: str) -> int:
    """Return an id from a path; what can't be a 64-bit id is not found, like an id that nobody has."""
    if raw.isascii() and raw.isdigit() and len(raw) < 20 and int(raw) <= LARGEST_ID:
        return int(raw)
    raise NotFound("There is nothing with this id.")


def endpoint(route: str, view: type[ApiView], name: str) -> Any:
    """Return a URL pattern for a view class."""
    return path(route, view.as_view(), name=name)
