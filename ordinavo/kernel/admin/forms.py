"""The form behind every admin page: a new row knows its tenant before it is validated."""

from typing import Any, ClassVar

from django import forms


class TenantForm(forms.ModelForm):  # type: ignore[type-arg]
    """Sets the tenant of a new row, and lets uniqueness within the tenant be checked.

    The tenant is no field of the form. Django would therefore leave out every constraint that names it, and
    the database's refusal would be a server error.
    """

    tenant: ClassVar[Any] = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.tenant and self.instance._state.adding and hasattr(self.instance, "tenant_id"):
            self.instance.tenant_id = self.tenant.pk

    def _get_validation_exclusions(self) -> set[str]:
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded - {"tenant"} if hasattr(self.instance, "tenant_id") else excluded
