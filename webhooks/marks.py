"""How states are told to staff: a word for each, and which kind of badge it gets."""

from webhooks.models import Subscription

DELIVERY_STATUS = {"Pending": "info", "Retrying": "warn", "Delivered": "good", "Failed": "bad"}
SUBSCRIPTION_STATE = {
    "On": "good",
    "Failing": "warn",
    "Client off": "warn",
    "Paused": "info",
    "Gone": "bad",
    "Given up": "bad",
}
_OFF = {
    Subscription.DisabledReason.PAUSED: "Paused",
    Subscription.DisabledReason.GONE: "Gone",
    Subscription.DisabledReason.FAILING: "Given up",
    Subscription.DisabledReason.DELETED: "Deleted",
}


def state_of(subscription: Subscription) -> str:
    """Return how a subscription stands in a word; its client must be loaded.

    `Failing` is still on, `Given up` was switched off after five days of failure.
    """
    if not subscription.active:
        return _OFF[Subscription.DisabledReason(subscription.disabled_reason)]
    if not subscription.client.active:
        return "Client off"
    return "Failing" if subscription.failure_streak else "On"
