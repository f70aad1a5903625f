"""Weights and rarity of a tenant, as its searches use them."""

from time import monotonic

from customers.matching.rarity import Rarity
from customers.matching.scoring import Scorer
from customers.matching.weights import Weights, read_weights, shipped_weights
from customers.models import MatchingProfile
from ordinavo.tenants.models import Tenant

# What is frequent hardly changes in an hour, and reading it takes longer than all else of a search.
_FRESH_SECONDS = 60.0
_known: dict[int, tuple[float, "Matching"]] = {}


class Matching:
    """How one tenant's records are compared."""

    def __init__(self, profile: MatchingProfile) -> None:
        self.weights: Weights = (
            shipped_weights() if profile.weights is None else read_weights(profile.weights)
        )
        self.rarity = Rarity(profile.customers, profile.sites, profile.neighbours, profile.counts)
        self.scorer = Scorer(self.rarity, self.weights)


def matching_of(tenant: Tenant, *, remember: bool = True) -> Matching | None:
    """Return how the tenant's records are compared, or None while its keys are not all written.

    One statement, at most once a minute and process. Do not `remember` what may be rolled back yet.
    """
    read_at, matching = _known.get(tenant.pk, (0.0, None))
    if matching is not None and monotonic() - read_at < _FRESH_SECONDS:
        return matching
    profile = MatchingProfile.objects.filter(tenant=tenant, ready_at__isnull=False).first()
    if profile is None:
        return None
    matching = Matching(profile)
    if remember:
        _known[tenant.pk] = monotonic(), matching
    return matching


def forget(tenant_id: int) -> None:
    """Read the tenant's profile anew at the next search."""
    _known.pop(tenant_id, None)
