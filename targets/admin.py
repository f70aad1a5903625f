"""Targets and their templates."""

from typing import Any

from django.contrib import admin
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString

from customers.selectors.finding import customer_ids_like
from customers.selectors.history import timeline_of
from customers.services.timeline import Happening, record_timeline
from ordinavo.kernel.admin import show
from ordinavo.kernel.admin.base import KeptForGood, TenantAdmin
from ordinavo.kernel.admin.columns import batch_lever, column, lever
from ordinavo.kernel.admin.scope import tenant_of
from ordinavo.tenants.models import Tenant
from ordinavo.tenants.staff import actor_of
from targets import shown
from targets.models import Target, TargetTemplate
from targets.selectors import targets_called
from webhooks.admin.links import find_subjects

STATUS = {
    "Open": "info",
    "Scheduled": "info",
    "In progress": "warn",
    "Completed": "good",
    "Problem": "bad",
}
PRIORITY = {"High": "warn", "Urgent": "bad"}
IMPORTS_SHOWN = 20
PLANNING = (
    "priority",
    "estimated_work_minutes",
    "due_date",
    "due_at",
    "time_window_start",
    "time_window_end",
    "route_date",
    "fixed_time",
)
_SENT: tuple[Any, ...] = (
    "external_id",
    "external_type",
    "source_system",
    "status_mark",
    "title",
    "description",
    "template",
    "template_key",
    "follow_up_links",
    "customer_link",
    "location_link",
    "contact_link",
    "address",
    "mapping_shown",
    "customer_text_shown",
    "expected_revenue",
    "customer_tier",
    "close_probability",
    "custom_fields_shown",
    "imports",
    "timeline",
    "revision",
    "created_at",
    "updated_at",
)


@admin.register(Target)
class TargetAdmin(KeptForGood, TenantAdmin):
    """What is to be done. The outside system owns it; the planning of open ones can be changed here."""

    list_display = (
        "external_id_or_none",
        "title",
        "status_mark",
        "customer_link",
        "where",
        "priority_mark",
        "due",
        "route_date",
        "source_system",
    )
    list_display_links = ("external_id_or_none", "title")
    list_filter = ("status", "priority", "source_system", "route_date")
    list_select_related = ("customer", "location", "source_system")
    search_fields = ("external_id", "title")
    search_help_text = "External id, title, customer number or name"
    empty_hint = "Targets arrive with imports. Issue a key to an integration client and send the first one."
    actions = ("suggest_routes",)
    actions_detail = ("story",)
    list_before_template = "admin/targets/plan.html"
    readonly_fields = _SENT
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("title", "status_mark"),
                    ("external_id", "external_type"),
                    ("source_system", "template_key"),
                    ("template", "follow_up_links"),
                    "description",
                )
            },
        ),
        ("Who and where", {"fields": (("customer_link", "location_link"), ("contact_link", "address"))}),
        (
            "Planning",
            {
                "fields": (
                    ("priority", "estimated_work_minutes"),
                    ("due_date", "route_date"),
                    "due_at",
                    "time_window_start",
                    "time_window_end",
                    "fixed_time",
                )
            },
        ),
        ("Mapping", {"fields": ("mapping_shown", "customer_text_shown"), "classes": ("tab",)}),
        (
            "Sent along",
            {
                "fields": (("expected_revenue", "customer_tier", "close_probability"), "custom_fields_shown"),
                "classes": ("tab",),
            },
        ),
        ("Imports", {"fields": ("imports",), "classes": ("tab",)}),
        ("Timeline", {"fields": ("timeline", ("revision", "created_at", "updated_at")), "classes": ("tab",)}),
    )

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Never: targets are imported."""
        return False

    def has_plan_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Whether the person may ask for routes; the room of routes stands above this one."""
        return bool(request.user.has_perm("routes.add_routesuggestion") and tenant_of(request))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Say whether routes can be asked for."""
        may_plan = {"may_plan": self.has_plan_permission(request)}
        return super().changelist_view(request, {**(extra_context or {}), **may_plan})

    @batch_lever("Suggest routes…", permissions=["plan"])
    def suggest_routes(self, request: HttpRequest, rows: QuerySet[Target]) -> HttpResponse:
        """Lead to the page for new suggestions, with the selected targets."""
        named = ",".join(str(pk) for pk in rows.order_by("pk").values_list("pk", flat=True))
        return HttpResponseRedirect(f"{reverse('admin:routes_routesuggestion_add')}?targets={named}")

    @lever("Story", icon="history_edu", permissions=["view"])
    def story(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Lead to all that happened to it, in every room."""
        return HttpResponseRedirect(reverse("desk:story", args=[int(object_id)]))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Past the open state even the planning is fixed."""
        return _SENT if obj and obj.status == Target.Status.OPEN else (*_SENT, *PLANNING)

    def found_by(self, term: str, request: HttpRequest) -> Q:
        """External id or the customer behind the target; if nothing is known by these, words of the title.

        The title has no index: only a search that found nothing else reads the tenant's targets through.
        """
        tenant = tenant_of(request)
        known = Q(external_id=term) | Q(customer_id__in=customer_ids_like(term, tenant=tenant))
        return known if self.get_queryset(request).filter(known).exists() else Q(title__icontains=term)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Write the changed columns only: an import may be changing others at this moment."""
        changed = [name for name in form.changed_data if name in PLANNING]
        if not changed:
            return
        obj.revision = F("revision") + 1
        obj.save(update_fields=[*changed, "revision", "updated_at"])
        line = Happening(obj, "target.updated", {"fields": changed})
        record_timeline([line], tenant_id=obj.tenant_id, actor=actor_of(request))

    @column("External id")
    def external_id_or_none(self, row: Target) -> str:
        """The caller's id; follow-ups have none."""
        return row.external_id or show.NOTHING

    @column("Status", marks=STATUS)
    def status_mark(self, row: Target) -> str:
        """The status as a badge."""
        return row.get_status_display()

    @column("Priority", marks=PRIORITY)
    def priority_mark(self, row: Target) -> str:
        """The priority as a badge."""
        return row.get_priority_display() if row.priority else ""

    @column("Due")
    def due(self, row: Target) -> str:
        """A day or an instant."""
        return str(row.due_date) if row.due_date else show.when(row.due_at)

    @column("Follow-ups")
    def follow_up_links(self, row: Target) -> SafeString | str:
        """Leads to the target that it follows, and to those that follow it."""
        return shown.follow_ups(row) or show.NOTHING

    @column("Customer")
    def customer_link(self, row: Target) -> SafeString | str:
        """Leads to the customer."""
        return show.link_to(row.customer)

    @column("Location")
    def location_link(self, row: Target) -> SafeString | str:
        """Leads to the location."""
        return show.link_to(row.location)

    @column("Contact")
    def contact_link(self, row: Target) -> SafeString | str:
        """Leads to the contact."""
        return show.link_to(row.contact)

    @column("Place")
    def where(self, row: Target) -> str:
        """Town and name of the location, or the town of the address."""
        if row.location:
            return ", ".join(part for part in (row.location.name, row.location.city) if part)
        return row.city or show.NOTHING

    @column("Address of its own")
    def address(self, row: Target) -> SafeString | str:
        """The place of work where no location is meant."""
        town = " ".join(part for part in (row.postal_code, row.city, row.country) if part)
        where = f"{row.latitude}, {row.longitude}" if row.latitude is not None else ""
        return show.facts((("Street", row.street), ("Town", town), ("Coordinates", where))) or show.NOTHING

    @column("Mapping of the customer data")
    def mapping_shown(self, row: Target) -> SafeString:
        """What was found, and how."""
        return shown.mapping(row.mapping, tenant_id=row.tenant_id)

    @column("Sent as text, without ids")
    def customer_text_shown(self, row: Target) -> SafeString | str:
        """The old flat customer of callers who may not map."""
        return show.details_of(row.customer_text) or show.NOTHING

    @column("Custom fields")
    def custom_fields_shown(self, row: Target) -> SafeString:
        """As they were sent."""
        return show.table(("Name", "Value"), ((k, shown.plain(v)) for k, v in row.custom_fields.items()))

    @column("Imports that touched it")
    def imports(self, row: Target) -> SafeString:
        """The newest twenty items; through the reverse relation, since imports stand above this room."""
        items = row.import_items.select_related("job").order_by("-id")[:IMPORTS_SHOWN]
        lines = (
            (
                show.link_to(item, f"Item {item.index}"),
                show.link_to(item.job),
                item.result or item.status,
                show.when(item.processed_at),
                item.job.correlation_id,
            )
            for item in items
        )
        return show.table(("Item", "Job", "Result", "Processed", "Correlation id"), lines)

    @column("Timeline")
    def timeline(self, row: Target) -> SafeString:
        """The newest changes, by staff and by imports."""
        return show.timeline(timeline_of(row, tenant_id=row.tenant_id))


@admin.register(TargetTemplate)
class TargetTemplateAdmin(KeptForGood, TenantAdmin):
    """Kinds of jobs, with their planning defaults."""

    list_display = ("name", "key", "default_estimated_work_minutes", "default_priority", "active")
    list_filter = ("active",)
    search_fields = ("key", "name^")
    search_help_text = "Key or start of the name"
    empty_hint = "A template gives planning defaults to targets that name its key."
    fieldsets = (
        (None, {"fields": (("name", "key"), "description", "active")}),
        ("Planning defaults", {"fields": (("default_estimated_work_minutes", "default_priority"),)}),
    )


def _with_external_id(external_id: str, tenant: Tenant) -> list[int]:
    return list(targets_called(external_id, tenant).values_list("pk", flat=True))


find_subjects(Target, _with_external_id)
