"""Customers with their locations, contacts, external references and timeline."""

from typing import Any, ClassVar, cast

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from customers.models import Alias, Contact, Customer, ExternalReference, Location, RecordKind
from customers.selectors.finding import customer_ids_like, named_like, referenced_ids
from customers.selectors.history import timeline_of
from customers.services.records import with_keys
from customers.services.search_keys import key_record
from customers.services.timeline import Happening, record_timeline
from ordinavo.kernel.admin import show
from ordinavo.kernel.admin.base import KeptForGood, TenantAdmin, TenantTabularInline
from ordinavo.kernel.admin.columns import column
from ordinavo.kernel.admin.scope import tenant_of
from ordinavo.tenants.staff import actor_of

_DEFAULTS = (
    "Planning defaults",
    {
        "fields": (("default_estimated_work_minutes", "default_priority"),),
        "description": "Used for targets whose sender says nothing.",
    },
)


class RecordAdmin(KeptForGood, TenantAdmin):
    """What customers, locations and contacts share: normalised columns, timeline, switching off."""

    kind: RecordKind
    readonly_fields: Any = ("timeline", "created_at", "updated_at")

    def prepare(self, request: HttpRequest, row: Any) -> None:
        """Keep the normalised columns in step with what was typed."""
        super().prepare(request, row)
        if isinstance(row, Customer | Location | Contact):
            with_keys(cast("Any", row))

    @column("State", marks={"Active": "good", "Inactive": "bad"})
    def state(self, row: Any) -> str:
        """Whether the record is in use."""
        return "Active" if row.active else "Inactive"

    @column("Timeline")
    def timeline(self, row: Any) -> SafeString:
        """The newest changes, by staff and by imports."""
        return show.timeline(timeline_of(row, tenant_id=row.tenant_id))

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Tell the record's own timeline too."""
        self._tell(request, obj, "created")
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Tell the record's own timeline too, with what was changed."""
        self._tell(request, obj, "updated", changes=show.changes(message))
        return super().log_change(request, obj, message)

    def _tell(self, request: HttpRequest, row: Any, verb: str, **details: Any) -> None:
        key_record(row)
        line = Happening(row, f"{self.kind.value}.{verb}", details)
        record_timeline([line], tenant_id=row.tenant_id, actor=actor_of(request))


class LocationInline(TenantTabularInline):
    """A customer's places."""

    model = Location
    fields = ("name", "street", "postal_code", "city", "country", "active")
    tab = True
    can_delete = False
    per_page = 20


class ContactInline(TenantTabularInline):
    """A customer's people."""

    model = Contact
    fields = ("display_name", "role", "email", "phone", "active")
    tab = True
    can_delete = False
    per_page = 20


class LearnedInline(TenantTabularInline):
    """What imports and decisions taught: a wrong line can be deleted, none can be typed in."""

    along: ClassVar[str]
    tab = True
    per_page = 20
    show_change_link = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Fetch along what a line shows."""
        return super().get_queryset(request).select_related(self.along).order_by("id")

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


class ReferenceInline(LearnedInline):
    """How outside systems call the record."""

    model = ExternalReference
    fields = readonly_fields = ("source_system", "external_id", "matched_by", "created_at")
    verbose_name_plural = "external references"
    along = "source_system"


class AliasInline(LearnedInline):
    """Other names, learned from decisions about reviews."""

    model = Alias
    fields = readonly_fields = ("name", "created_by", "created_at")
    verbose_name_plural = "other names"
    along = "created_by"


@admin.register(Customer)
class CustomerAdmin(RecordAdmin):
    """Who is served."""

    kind = RecordKind.CUSTOMER
    list_display = ("name", "number", "type", "email", "phone", "state", "updated_at")
    list_filter = ("type", "active")
    search_fields = ("number", "name_key^", "email_key")
    search_help_text = "Number, start of the name, e-mail, phone or external id"
    empty_hint = "Customers arrive with imports, or add the first one by hand."
    inlines = (LocationInline, ContactInline, ReferenceInline, AliasInline)
    fieldsets: Any = (
        (None, {"fields": (("name", "number"), ("type", "industry"), ("email", "phone"), "active")}),
        _DEFAULTS,
        ("Timeline", {"fields": ("targets_link", ("created_at", "updated_at"), "timeline")}),
    )
    add_fieldsets = (fieldsets[0], _DEFAULTS)
    readonly_fields = (*RecordAdmin.readonly_fields, "targets_link")

    def found_by(self, term: str, request: HttpRequest) -> Q:
        """Number, start of the name, e-mail, phone, external id."""
        tenant = tenant_of(request)
        known = referenced_ids(term, tenant=tenant, kind=self.kind)
        return named_like(term, country=tenant.country if tenant else "") | Q(pk__in=known)

    @column("Targets")
    def targets_link(self, row: Customer) -> SafeString:
        """Leads to the list of what is to be done at this customer's."""
        return show.link("admin:targets_target_changelist", "Show its targets", customer__id__exact=row.pk)


class HangsOnCustomer(RecordAdmin):
    """Locations and contacts: found by their customer and by their external id."""

    autocomplete_fields = ("customer",)
    list_select_related = ("customer",)
    list_filter = ("active",)
    search_fields = ("customer__number",)
    search_help_text = "External id, or the customer's number, name, e-mail or phone"
    inlines: Any = (ReferenceInline,)

    def found_by(self, term: str, request: HttpRequest) -> Q:
        """By external id, or through the customer."""
        tenant = tenant_of(request)
        known = referenced_ids(term, tenant=tenant, kind=self.kind)
        return Q(pk__in=known) | Q(customer_id__in=customer_ids_like(term, tenant=tenant))

    @column("Customer")
    def customer_link(self, row: Any) -> SafeString | str:
        """Leads to the customer."""
        return show.link_to(row.customer)


@admin.register(Location)
class LocationAdmin(HangsOnCustomer):
    """Where work is done."""

    inlines = (ReferenceInline, AliasInline)
    kind = RecordKind.LOCATION
    list_display = ("name", "customer_link", "street", "postal_code", "city", "country", "state")
    empty_hint = "Locations arrive with imports, or are added on a customer's page."
    fieldsets: Any = (
        (None, {"fields": (("name", "customer"), "active")}),
        ("Address", {"fields": (("street", "postal_code"), ("city", "country"), ("latitude", "longitude"))}),
        ("For those who drive there", {"fields": ("access_notes", "parking_notes")}),
        _DEFAULTS,
        ("Timeline", {"fields": (("created_at", "updated_at"), "timeline")}),
    )
    add_fieldsets = fieldsets[:4]


@admin.register(Contact)
class ContactAdmin(HangsOnCustomer):
    """Whom to speak to."""

    kind = RecordKind.CONTACT
    list_display = ("display_name", "customer_link", "role", "email", "phone", "state")
    empty_hint = "Contacts arrive with imports, or are added on a customer's page."
    fieldsets: Any = (
        (None, {"fields": (("display_name", "customer"), "role", ("email", "phone"), "active")}),
        ("Timeline", {"fields": (("created_at", "updated_at"), "timeline")}),
    )
    add_fieldsets = fieldsets[:1]


@admin.register(ExternalReference)
class ExternalReferenceAdmin(TenantAdmin):
    """How outside systems call our records.

    Delete one that points at the wrong record: the next import then looks again.
    """

    list_display = ("external_id", "kind", "record_link", "source_system", "matched_by", "created_at")
    list_filter = ("source_system", "kind", "matched_by")
    list_select_related = ("source_system", "customer", "location", "contact")
    search_fields = ("external_id",)
    search_help_text = "External id"
    empty_hint = "References appear when an import links a record."
    fields = readonly_fields = (
        "external_id",
        "kind",
        "record_link",
        "source_system",
        "matched_by",
        "created_at",
    )
    ordering = ("-id",)

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Never: imports and managers' decisions write them."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    @column("Record")
    def record_link(self, row: ExternalReference) -> SafeString | str:
        """Leads to the customer, location or contact."""
        return show.link_to(row.record)
