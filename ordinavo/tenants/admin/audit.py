"""The audit: who changed what, read only."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ordinavo.kernel.admin import show
from ordinavo.kernel.admin.base import ReadOnly, TenantAdmin
from ordinavo.kernel.admin.columns import column
from ordinavo.kernel.admin.filters import ChoiceFilter
from ordinavo.tenants.models import AuditEntry


class AreaFilter(ChoiceFilter):
    """What was changed, by the app that owns it."""

    title, parameter_name = "area", "area"
    options = (
        ("tenants", "People, notices, tenants"),
        ("integrations", "Clients and keys"),
        ("customers", "Customers"),
        ("targets", "Targets and templates"),
        ("imports", "Imports and reviews"),
        ("visits", "Employees, visits, billing"),
        ("routes", "Routes"),
        ("webhooks", "Webhooks"),
    )

    def narrow(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Look at the kind of the subject."""
        return rows.filter(subject_type__startswith=f"{value}.") if value else rows


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly, TenantAdmin):
    """Append-only. Found by correlation id and by kind of action."""

    list_display = ("what", "actor_name", "subject", "details_line", "created_at")
    list_filter = (AreaFilter, "actor", "created_at")
    list_select_related = ("actor",)
    ordering = ("-created_at", "-id")
    search_fields = ("action", "correlation_id")
    search_help_text = "Action (client.changed) or correlation id"
    empty_hint = "Changes that staff make appear here."
    fields = readonly_fields = (
        "what",
        "actor_name",
        "subject",
        "details_shown",
        "correlation_id",
        "created_at",
    )

    @column("What happened")
    def what(self, row: AuditEntry) -> str:
        """The action in words."""
        return show.words(row.action)

    @column("By")
    def actor_name(self, row: AuditEntry) -> str:
        """A person, or the system itself."""
        return str(row.actor) if row.actor else "system"

    @column("Subject")
    def subject(self, row: AuditEntry) -> SafeString | str:
        """Kind and id of what was changed, with a link where it has a page."""
        text, page = f"{_noun(row.subject_type)} {row.subject_id}", _page(row)
        return format_html('<a class="ord-link" href="{}">{}</a>', page, text) if page else text

    @column("Details")
    def details_line(self, row: AuditEntry) -> str:
        """The details, shortly."""
        return "; ".join(f"{name}: {value}" for name, value in _told(row))[:120]

    @column("Details")
    def details_shown(self, row: AuditEntry) -> SafeString | str:
        """All details."""
        return show.facts((show.words(name), value) for name, value in _told(row)) or show.NOTHING


def _told(row: AuditEntry) -> list[tuple[str, str]]:
    """Return the details by name, those that say something; what a form changed as a phrase."""
    told = [
        (name, " ".join(show.changes(value)) if name == "changes" else show.flat(value))
        for name, value in row.details.items()
    ]
    return [(name, text) for name, text in told if text not in {"", "[]", "{}"}]


def _noun(label: str) -> str:
    """Return the name of a model, also of one that is no longer there."""
    try:
        return str(apps.get_model(label)._meta.verbose_name)
    except LookupError:
        return label


def _page(row: AuditEntry) -> str:
    """Return the path of the subject's page, or ""; whether it is still there it will say itself."""
    try:
        return reverse(f"admin:{row.subject_type.replace('.', '_')}_change", args=[row.subject_id])
    except NoReverseMatch:
        return ""
