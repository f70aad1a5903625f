"""Adopting weights that were estimated from a tenant's own pairs."""

from collections.abc import Sequence
from typing import Any

from customers.matching.estimating import count_agreements, estimated
from customers.matching.profiles import Matching, forget
from customers.matching.scoring import Party, Scorer
from customers.matching.weights import shipped_weights
from customers.models import MatchingProfile
from ordinavo.kernel.errors import Conflict
from ordinavo.tenants.models import Tenant, User
from ordinavo.tenants.services.audit import record_audit

FEWEST_PAIRS = 100

WeightsJson = dict[str, dict[str, dict[str, Any]]]


def estimate_weights(*, tenant: Tenant, pairs: Sequence[tuple[Party, Party]]) -> WeightsJson:
    """Return weights estimated from pairs of what was sent and who it was; nothing is changed.

    Records of different pairs stand for records that are not the same. `Conflict` if there are fewer than a
    hundred, or if the tenant's customers are not searched by name and address.
    """
    profile = MatchingProfile.objects.filter(tenant=tenant).first()
    if profile is None:
        raise Conflict("No client of the tenant maps by name and address.")
    if len(pairs) < FEWEST_PAIRS:
        raise Conflict(f"There are {len(pairs)} pairs to learn from; {FEWEST_PAIRS} are needed.")
    # Estimates start from the shipped weights, not from earlier estimates.
    rarity = Matching(profile).rarity
    scorer = Scorer(rarity)
    shifted = [*pairs[1:], pairs[0]]
    strangers = [(sent, known) for (sent, _), (_, known) in zip(pairs, shifted, strict=True)]
    return estimated(
        shipped_weights(), same=count_agreements(pairs, scorer), apart=count_agreements(strangers, scorer)
    )


def adopt_weights(*, tenant: Tenant, weights: WeightsJson | None, actor: User | None = None) -> None:
    """Let the tenant's searches use these weights, or the shipped ones (None). Audited."""
    MatchingProfile.objects.filter(tenant=tenant).update(weights=weights)
    forget(tenant.pk)
    record_audit(
        tenant=tenant,
        actor=actor,
        action="matching_weights.adopted",
        subject=tenant,
        details={"shipped": weights is None},
    )
