"""Which event types a client may subscribe to, or try."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from integrations.models import Feature, IntegrationClient
from ordinavo.kernel.errors import Detail, DomainError, ValidationFailed
from ordinavo.kernel.saving import INVALID_FIELDS
from webhooks.catalog.types import EVENT_TYPES, means_billing, means_something


class FeatureDisabled(DomainError):
    """The client lacks a feature; `details` name what needs it."""

    status, code = 403, "feature_disabled"


def may_bill(client: IntegrationClient) -> bool:
    """Whether the client may be told of billing."""
    return Feature.BILLING_WEBHOOKS in client.features


def require_billing(client: IntegrationClient, paths: Sequence[str]) -> None:
    """Raise `FeatureDisabled` if anything (`paths` say where it stands) needs a feature that is missing."""
    if not paths or may_bill(client):
        return
    message = f"This needs the feature {Feature.BILLING_WEBHOOKS.value}, which your client does not have."
    details = [Detail(path, FeatureDisabled.code, message) for path in paths]
    raise FeatureDisabled(message, details=details)


def checked_event_types(wanted: Sequence[str], *, client: IntegrationClient) -> list[str]:
    """Return names and patterns (`visit_report.*`), each once.

    Raises `ValidationFailed` for unknown ones, `FeatureDisabled` for billing without the feature; the paths
    are `eventTypes` and the position.
    """
    details = [*_unknown(wanted)]
    if details:
        raise ValidationFailed(INVALID_FIELDS, details=details)
    billing = [f"eventTypes.{position}" for position, name in enumerate(wanted) if means_billing(name)]
    require_billing(client, billing)
    return list(dict.fromkeys(wanted))


def checked_event_type(name: str, *, client: IntegrationClient, path: str) -> str:
    """Return the name of one event type; no pattern will do. Raises like `checked_event_types`."""
    if name not in EVENT_TYPES:
        raise ValidationFailed(INVALID_FIELDS, details=[_refused(path, name, [*EVENT_TYPES])])
    require_billing(client, [path] if EVENT_TYPES[name].is_billing else [])
    return name


def _unknown(wanted: Sequence[str]) -> Iterator[Detail]:
    nouns = sorted({name.partition(".")[0] for name in EVENT_TYPES})
    known = [*EVENT_TYPES, *(f"{noun}.*" for noun in nouns)]
    for position, name in enumerate(wanted):
        if not means_something(name):
            yield _refused(f"eventTypes.{position}", name, known)


def _refused(path: str, name: str, known: Sequence[str]) -> Detail:
    like = get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f"Did you mean {like[0]}?" if like else "GET /webhooks/event-types lists them."
    return Detail(path, "invalid_choice", f"There is no event type {name[:64]!r}. {hint}")
