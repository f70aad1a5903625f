"""Watches all tests: whatever staff changes by a POST must leave an entry in the audit, with their name.

It is part of the middleware of the tests' settings, so that every test of every page proves it along the way.
"""

import re
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

AUDIT = "tenants_auditentry"
# Who is logged in, what Django notes for itself, and counts of failed attempts: no changes of staff's.
OWN_BOOKS = {
    AUDIT,
    "django_session",
    "django_admin_log",
    "django_content_type",
    "tenants_failedlogins",
    # Which code was used last; setting one up and taking it away have tests of their own.
    "tenants_secondfactor",
    # Whose own queue a review stands at the end of.
    "imports_skippedreview",
}
NOT_STAFFS = ("/api/", "/myday/", "/admin/login/", "/admin/logout/")
_WRITES = re.compile(
    r"(?:\bINSERT INTO|\bDELETE FROM|(?<!FOR )(?<!KEY )(?<!DO )\bUPDATE(?: ONLY)?)\s+\"?(\w+)", re.IGNORECASE
)


def watch(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Refuse an answer to staff that changed something without an entry."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.method != "POST" or request.path.startswith(NOT_STAFFS):
            return get_response(request)
        written: dict[str, list[Any]] = {}

        def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            done = execute(sql, params, many, context)
            # An update of no rows changes nothing; in one trip with others it can't say yet how many.
            if context["cursor"].rowcount != 0:
                for table in _WRITES.findall(str(sql)):
                    written.setdefault(table.lower(), []).append(params)
            return done

        with connection.execute_wrapper(note):
            response = get_response(request)
        changed = set(written) - OWN_BOOKS
        # For tests that want to know whether they changed anything at all.
        response.headers["X-Test-Changed"] = " ".join(sorted(changed))
        if changed and getattr(request.user, "is_staff", False):
            _insist(request, changed, written.get(AUDIT, []))
        return response

    return answer


def _insist(request: HttpRequest, changed: set[str], entries: list[Any]) -> None:
    assert entries, f"{request.path} changed {sorted(changed)} and wrote no audit entry."
    actor = request.user.pk
    assert any(actor in params for params in entries), f"{request.path}: the audit entry names nobody."
