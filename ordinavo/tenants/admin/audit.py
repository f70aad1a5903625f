"""The audit: who changed what, read only."""

from django.contrib import admin
from django.utils.safestring import SafeString
from unfold.decorators import display

from ordinavo.kernel.admin import show
from ordinavo.kernel.admin.base import ReadOnly, TenantAdmin
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

    @display(description="What happened")
    def what(self, row: AuditEntry) -> str:
        """The action in words."""
        return show.words(row.action)

    @display(description="By")
    def actor_name(self, row: AuditEntry) -> str:
        """A person, or the system itself."""
        return str(row.actor) if row.actor else "system"

    @display(description="Subject")
    def subject(self, row: AuditEntry) -> str:
        """Kind and id of what was changed."""
        return f"{row.subject_type.rpartition('.')[2]} {row.subject_id}"

    @display(description="Details")
    def details_line(self, row: AuditEntry) -> str:
        """The details, shortly."""
        text = ", ".join(f"{name}: {value}" for name, value in row.details.items() if value)
        return text[:120]

    @display(description="Details")
    def details_shown(self, row: AuditEntry) -> SafeString | str:
        """All details."""
        return show.details_of(row.details) or "–"
