"""A form whose token is no longer good: the page was open for too long, or the browser keeps no cookies."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say in both languages that nothing was done, and what to do; `reason` is Django's, not for people."""
    start = "/myday/" if request.path.startswith("/myday/") else "/admin/"
    return render(request, "stale_form.html", {"start": start}, status=403)
