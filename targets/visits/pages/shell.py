"""What the phone keeps to work without a line: the service worker, the app's name, a fresh form token."""

import hashlib
import json
from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from targets.visits.pages.access import EmployeeRequest, employee_required

_FOLDER = Path(__file__).resolve().parent.parent / "static" / "ordinavo" / "myday"
_FILES = ("myday.css", "myday.js", "forms.js", "outbox.js", "photos.js", "status.js", "store.js")


@never_cache
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Give the service worker with the list of what it keeps; anybody may read it."""
    kept = [static("ordinavo/icon.svg"), *(static(f"ordinavo/myday/{name}") for name in _FILES)]
    told = {"version": _version(), "kept": kept, "root": reverse("myday:today")}
    script = (_FOLDER / "worker.js").read_text("utf-8")
    return HttpResponse(f"const SHELL = {json.dumps(told)};\n{script}", content_type="text/javascript")


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """Let the phone put MyDay among its apps."""
    return JsonResponse(
        {
            "name": "MyDay",
            "short_name": "MyDay",
            "start_url": reverse("myday:today"),
            "scope": reverse("myday:today"),
            "display": "standalone",
            "background_color": "#0b4843",
            "theme_color": "#0b4843",
            "icons": [{"src": static("ordinavo/icon.svg"), "sizes": "any", "type": "image/svg+xml"}],
        },
        content_type="application/manifest+json",
    )


@require_safe
@employee_required
def token(request: EmployeeRequest) -> HttpResponse:
    """Give a script a token for what it kept while its page grew old."""
    return JsonResponse({"token": get_token(request), "employee": request.employee.pk})


@require_safe
@employee_required
def unsent(request: EmployeeRequest) -> HttpResponse:
    """Show what this phone has not sent yet; only the phone knows, so a script fills the page."""
    return render(request, "myday/unsent.html")


@cache
def _version() -> str:
    """Return a name for the files as they are, so that phones fetch them when they change."""
    content = b"".join((_FOLDER / name).read_bytes() for name in (*_FILES, "worker.js"))
    return hashlib.sha256(content).hexdigest()[:16]
