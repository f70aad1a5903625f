"""One's own password: the package's page, written down in the audit."""

from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from ordinavo.tenants.services.audit import record_audit
from ordinavo.tenants.staff import actor_of, home_of


@transaction.atomic
def own_password(request: HttpRequest) -> HttpResponse:
    """Show the page, and record that somebody changed their password."""
    page: HttpResponse = admin.site.password_change(request)
    # Only a form in order leads on.
    if request.method == "POST" and page.status_code == 302:
        person = actor_of(request)
        record_audit(tenant=home_of(person), actor=person, action="user.password_changed", subject=person)
    return page
