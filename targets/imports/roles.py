"""What each role may do with imports; nobody edits what was sent."""

from ordinavo.tenants.models import Role

_VIEW = ["imports.view_importjob", "imports.view_importitem"]
_REVIEWS = [*_VIEW, "imports.view_mappingreview"]
# Cancelling and retrying jobs, deciding about reviews.
_STEER = [*_REVIEWS, "imports.change_importjob", "imports.change_mappingreview"]

ROLE_PERMISSIONS: dict[str, list[str]] = {
    Role.ADMIN: _STEER,
    Role.MANAGER: _STEER,
    Role.DISPATCHER: _VIEW,
    Role.SUPPORT: _REVIEWS,
    Role.EMPLOYEE: [],
}
