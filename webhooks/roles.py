"""What each role may do with webhooks; events, deliveries and attempts are never edited."""

from ordinavo.tenants.models import Role

_VIEW = [
    "webhooks.view_subscription",
    "webhooks.view_event",
    "webhooks.view_delivery",
    "webhooks.view_attempt",
]
# Sending a delivery again.
_HELP = [*_VIEW, "webhooks.change_delivery"]
# Pausing and activating, trying and replaying: what notices ask managers for.
_STEER = [*_HELP, "webhooks.change_subscription"]

ROLE_PERMISSIONS: dict[str, list[str]] = {
    # Whoever adds, changes or rotates can send data elsewhere, and sees the secret, as with API keys.
    Role.ADMIN: [*_STEER, "webhooks.add_subscription"],
    Role.MANAGER: _STEER,
    Role.DISPATCHER: [],
    Role.SUPPORT: _HELP,
    Role.EMPLOYEE: [],
}
