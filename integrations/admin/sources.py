"""Source systems: outside systems as the tenant knows them."""

from django.contrib import admin

from integrations.models import SourceSystem
from ordinavo.kernel.admin.base import KeptForGood, TenantAdmin


@admin.register(SourceSystem)
class SourceSystemAdmin(KeptForGood, TenantAdmin):
    """External ids are unique within one."""

    list_display = ("name", "key")
    search_fields = ("key", "name^")
    search_help_text = "Key or start of the name"
    empty_hint = "Name the system that will send targets, then add an integration client for it."
    fields = (("name", "key"),)
