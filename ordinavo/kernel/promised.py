"""Headers that an answer will have whatever it is, decided before a view is asked."""

from django.http import HttpRequest


def promised_headers(request: HttpRequest) -> dict[str, str]:
    """Return the headers that the answer to a request will have; add yours."""
    headers: dict[str, str] = request.__dict__.setdefault("promised_headers", {})
    return headers
