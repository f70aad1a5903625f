"""People of a tenant: login, name and role on one form."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.password_validation import validate_password
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from unfold.forms import AdminPasswordChangeForm
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminSelectWidget

from ordinavo.kernel.admin.base import KeptForGood, TenantAdmin
from ordinavo.kernel.admin.columns import column, lever
from ordinavo.kernel.admin.forms import TenantForm
from ordinavo.kernel.admin.scope import tenant_of
from ordinavo.tenants.admin.rescue import RescueLevers
from ordinavo.tenants.models import Role, User
from ordinavo.tenants.services import lockout, second_factor
from ordinavo.tenants.services.members import add_member, change_role
from ordinavo.tenants.staff import actor_of

ROLE_LABELS = {"Administrator": "info", "Manager": "info", "Support": "warn"}


class PersonForm(TenantForm):
    """A login with its role; the password only where a new person gets one right away."""

    # No role is offered by itself: the first one could do everything.
    role = forms.ChoiceField(
        choices=[("", "Select a role"), *Role.choices],
        widget=UnfoldAdminSelectWidget,
        help_text="Decides what the person may see and do.",
    )
    password_1 = forms.CharField(
        label="Password",
        required=False,
        strip=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text="Empty: the person cannot log in until you set one.",
    )

    class Meta:
        model = User
        fields = ("email", "first_name", "last_name", "is_active")
        help_texts = {"is_active": "Switch it off for people who left: they cannot log in any more."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        membership = getattr(self.instance, "membership", None) if self.instance.pk else None
        if membership and "role" in self.fields:
            self.fields["role"].initial = membership.role

    def clean_email(self) -> str:
        """Refuse an address that has a login, whatever its case: it may be somebody else's."""
        email = str(self.cleaned_data["email"]).strip().lower()
        if User.objects.filter(email=email).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("There is a login with this address already.")
        return email

    def clean_password_1(self) -> str:
        """Hold a first password to the same rules as later ones."""
        password = str(self.cleaned_data.get("password_1") or "")
        if password:
            validate_password(password, self.instance)
        return password


@admin.register(User)
class PersonAdmin(RescueLevers, KeptForGood, TenantAdmin):
    """Who may log in. A person belongs to the live tenant and works in its test twin too."""

    form = PersonForm
    tenant_path = "membership__tenant"
    list_display = ("email", "name", "role", "state", "factor", "last_login")
    list_filter = ("is_active", "membership__role")
    list_select_related = ("membership", "second_factor")
    ordering = ("email",)
    search_fields = ("email", "last_name^")
    search_help_text = "E-mail or start of the last name"
    empty_hint = "Add your colleagues; their role decides what they may do."
    readonly_fields = ("last_login", "date_joined")
    actions_detail = ("set_password", "unlock", "reset_second_factor")
    fieldsets = (
        (None, {"fields": ("email", ("first_name", "last_name"), "role", "is_active")}),
        ("Log-in", {"fields": (("last_login", "date_joined"),)}),
    )
    add_fieldsets = ((None, {"fields": ("email", ("first_name", "last_name"), "role", "password_1")}),)

    def tenant_for(self, request: HttpRequest) -> Any:
        """Return the live tenant also for those who work in its test twin."""
        tenant = tenant_of(request)
        return tenant.twin_of if tenant and tenant.twin_of_id else tenant

    def scope(self, rows: QuerySet[User], request: HttpRequest) -> QuerySet[User]:
        """Hide operators from everybody else, even if they belong to the tenant."""
        mine = super().scope(rows, request)
        return mine if request.user.is_superuser else mine.filter(is_superuser=False)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Look along who is locked out."""
        locked = lockout.locked_rows().filter(user=OuterRef("pk"))
        rows: QuerySet[User] = super().get_queryset(request).annotate(locked=Exists(locked))
        return rows

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Keep people from locking themselves out."""
        return (
            (*self.readonly_fields, "is_active", "role") if _is_self(request, obj) else self.readonly_fields
        )

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Drop the role from one's own form: as a declared field it would stay although it is read only."""
        form = super().get_form(request, obj, change=change, **kwargs)
        if _is_self(request, obj):
            form.base_fields.pop("role", None)
        return form

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Leave membership, group and role to the services."""
        if not change:
            self._add(request, obj, form.cleaned_data)
            return
        obj.save(update_fields=["email", "first_name", "last_name", "is_active"])
        membership = getattr(obj, "membership", None)
        if membership and "role" in form.cleaned_data:
            change_role(membership=membership, role=Role(form.cleaned_data["role"]), actor=actor_of(request))

    def _add(self, request: HttpRequest, obj: User, given: dict[str, Any]) -> None:
        membership = add_member(
            tenant=self.tenant_for(request),
            email=given["email"],
            role=Role(given["role"]),
            password=given.get("password_1") or None,
            first_name=given["first_name"],
            last_name=given["last_name"],
            actor=actor_of(request),
        )
        obj.pk, obj._state.adding = membership.user_id, False

    @column("Name")
    def name(self, row: User) -> str:
        """First and last name."""
        return row.get_full_name()

    @column("Role", marks=ROLE_LABELS)
    def role(self, row: User) -> str:
        """The role, or operator."""
        membership = getattr(row, "membership", None)
        return membership.get_role_display() if membership else "Operator" if row.is_superuser else ""

    @column("State", marks={"Active": "good", "Inactive": "bad", "Locked out": "warn"})
    def state(self, row: Any) -> str:
        """Whether the person may log in, and can."""
        if not row.is_active:
            return "Inactive"
        return "Locked out" if row.locked else "Active"

    @column("Second factor", marks={"On": "good"})
    def factor(self, row: User) -> str:
        """Whether there is one."""
        return "On" if second_factor.factor_of(row) else ""

    def get_urls(self) -> list[Any]:
        """Add the page that sets a password."""
        page = path(
            "<path:object_id>/password/", self.admin_site.admin_view(self.password_page), name="set_password"
        )
        return [page, *super().get_urls()]

    @lever("Set password", icon="password", permissions=["change"])
    def set_password(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Lead to the page that sets a password."""
        return HttpResponseRedirect(reverse("admin:set_password", args=[object_id]))

    def password_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Give a person a new password; their open sessions end with it."""
        person = self.get_object(request, object_id)
        if person is None or not self.has_change_permission(request, person):
            raise Http404
        form = AdminPasswordChangeForm(person, request.POST or None)
        form.fields.pop("usable_password", None)
        if request.method == "POST" and form.is_valid():
            return self._store_password(request, form, person)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": person,
            "title": f"Set a password for {person}",
            "form": form,
            "back": reverse("admin:tenants_user_change", args=[person.pk]),
            "submit_text": "Set password",
        }
        return TemplateResponse(request, "admin/simple_form.html", context)

    def _store_password(self, request: HttpRequest, form: Any, person: User) -> HttpResponse:
        form.save()
        lockout.unlock(user=person, actor=actor_of(request))
        self.log_change(request, person, "Changed password.")
        messages.success(request, f"{person} can now log in with the new password.")
        return HttpResponseRedirect(reverse("admin:tenants_user_change", args=[person.pk]))


def _is_self(request: HttpRequest, person: User | None) -> bool:
    return person is not None and person.pk == request.user.pk
