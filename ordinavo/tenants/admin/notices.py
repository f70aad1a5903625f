"""Notices: what asks for a manager's hand, until somebody says that it is done."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ordinavo.kernel.admin import show
from ordinavo.kernel.admin.asking import ask, done
from ordinavo.kernel.admin.base import ReadOnly, TenantAdmin
from ordinavo.kernel.admin.columns import batch_lever, column, lever
from ordinavo.kernel.admin.filters import ChoiceFilter
from ordinavo.kernel.admin.scope import tenant_of
from ordinavo.tenants.models import ManagerNotice
from ordinavo.tenants.services.notices import close_notice
from ordinavo.tenants.staff import actor_of


class DoneFilter(ChoiceFilter):
    """Open ones, unless others are asked for."""

    title, parameter_name, unchosen = "state", "state", "Open"
    options = (("done", "Done"), ("all", "All"))

    def narrow(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Look whether it is done."""
        return rows if value == "all" else rows.filter(done_at__isnull=value != "done")


@admin.register(ManagerNotice)
class ManagerNoticeAdmin(ReadOnly, TenantAdmin):
    """Written by the system, and mailed to the managers too."""

    list_display = ("title", "state", "text_start", "where", "created_at", "done_by")
    list_filter = (DoneFilter,)
    list_select_related = ("done_by",)
    ordering = ("-id",)
    search_fields = ("title^",)
    search_help_text = "Start of the title"
    empty_hint = "Nothing asks for a manager's hand."
    actions = ("close_selected",)
    actions_detail = ("close",)
    readonly_fields = fields = ("story",)

    def has_close_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Managers, once a tenant is chosen, while it is open."""
        allowed = request.user.has_perm("tenants.change_managernotice") and tenant_of(request)
        if not allowed or object_id is None:
            return bool(allowed)
        row: ManagerNotice | None = self.get_object(request, object_id)
        return row is not None and row.done_at is None

    @lever("Mark as done", icon="task_alt", permissions=["close"])
    def close(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask once more, then close it."""
        row: ManagerNotice | None = self.get_object(request, object_id)
        if row is None:
            raise Http404

        def perform() -> HttpResponse:
            return done(request, _told(close_notice(notice=row, actor=actor_of(request))), show.page_of(row))

        return ask(
            self,
            request,
            row,
            perform,
            title=f"Mark as done: {row}",
            submit_text="Mark as done",
            explanation="It leaves the start page of everybody.",
            back=show.page_of(row),
        )

    @batch_lever("Mark as done", permissions=["close"])
    def close_selected(self, request: HttpRequest, rows: QuerySet[ManagerNotice]) -> None:
        """Close each."""
        closed = sum(close_notice(notice=row, actor=actor_of(request)) for row in rows)
        messages.success(request, f"{closed} marked as done.")

    @column("State", marks={"Open": "warn", "Done": "good"})
    def state(self, row: ManagerNotice) -> str:
        """Whether somebody has to do something."""
        return "Open" if row.done_at is None else "Done"

    @column("What to do")
    def text_start(self, row: ManagerNotice) -> str:
        """The text, shortly."""
        return row.text if len(row.text) <= 120 else f"{row.text[:119]}…"

    @column("")
    def where(self, row: ManagerNotice) -> SafeString | str:
        """Leads to what it is about."""
        # A path of ours; nothing else may become a link.
        if not row.link.startswith("/admin/"):
            return ""
        return format_html('<a class="ord-link" href="{}">Go there</a>', row.link)

    @column("Notice")
    def story(self, row: ManagerNotice) -> SafeString:
        """What happened, and who took care of it."""
        return show.facts(
            (
                ("What", row.title),
                ("State", self.state(row)),
                ("More", row.text),
                ("What it is about", self.where(row)),
                ("Written", show.when(row.created_at)),
                ("Mailed", show.when(row.mailed_at) if row.mailed_at else "not yet"),
                ("Done", show.when(row.done_at) if row.done_at else ""),
                ("Done by", str(row.done_by or "")),
            )
        )


def _told(is_first: bool) -> str:
    return "The notice is marked as done." if is_first else "Somebody else has marked it as done already."
