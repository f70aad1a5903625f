"""What each role may do with webhooks; events, deliveries and attempts are never edited."""

from ordinavo.tenants.models import Role

_VIEW = [
    "webhooks.view_subscription",
    "webhooks.view_event",
    "webhooks.view_delivery",
    "webhooks.view_attempt",
]
# Pausing and activating, trying and replaying; sending a delivery again.
_STEER = [*_VIEW, "webhooks.change_subscription", "webhooks.change_delivery"]

ROLE_PERMISSIONS: dict[str, list[str]] = {
    # Whoever rotates a secret sees it, as with API keys.
    Role.ADMIN: [*_STEER, "webhooks.add_subscription"],
    Role.MANAGER: _STEER,
    Role.DISPATCHER: [],
    Role.SUPPORT: _VIEW,
    Role.EMPLOYEE: [],
}
