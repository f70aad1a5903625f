"""The audit: who changed what, read only."""

from django.apps import apps
from django.contrib import admin
from django.utils.safestring import SafeString

from ordinavo.kernel.admin import show
from ordinavo.kernel.admin.base import ReadOnly, TenantAdmin
from ordinavo.kernel.admin.columns import column
from ordinavo.tenants.models import AuditEntry


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly, TenantAdmin):
    """Append-only. Found by correlation id and by kind of action."""

    list_display = ("what", "actor_name", "subject", "details_line", "created_at")
    list_filter = ("created_at",)
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
    def subject(self, row: AuditEntry) -> str:
        """Kind and id of what was changed."""
        return f"{_noun(row.subject_type)} {row.subject_id}"

    @column("Details")
    def details_line(self, row: AuditEntry) -> str:
        """The details, shortly."""
        text = ", ".join(f"{name}: {value}" for name, value in row.details.items() if value)
        return text[:120]

    @column("Details")
    def details_shown(self, row: AuditEntry) -> SafeString | str:
        """All details."""
        return show.details_of(row.details) or show.NOTHING


def _noun(label: str) -> str:
    """Return the name of a model, also of one that is no longer there."""
    try:
        return str(apps.get_model(label)._meta.verbose_name)
    except LookupError:
        return label
