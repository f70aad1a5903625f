"""People, tenants, notices and the audit, as staff see them; the switch between tenants."""

from django.contrib import admin
from django.contrib.auth.models import Group

from ordinavo.kernel.admin import audit as tell
from ordinavo.tenants.admin import audit, notices, people, recording, tenants

__all__ = ["audit", "notices", "people", "recording", "tenants"]

# Groups follow from the roles that the apps declare; by hand nobody edits them.
admin.site.unregister(Group)
tell.register(recording.record_staff_change)
