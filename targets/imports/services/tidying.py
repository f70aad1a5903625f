"""Forgetting what is kept for a time only."""

from datetime import timedelta

from targets.imports.models import ReviewDecision, SettledItem
from targets.imports.selectors.decided import oldest_undoable

STEP = 1_000
# Somebody may just be taking one back that was young enough when they began.
_GRACE = timedelta(days=1)


def forget_old_decisions() -> int:
    """Delete what decisions kept for taking them back, once they stand for good; return how many rows.

    Who decided what stays. In steps, each a short statement: thousands of items may hang on one decision.
    """
    old = ReviewDecision.objects.filter(decided_at__lt=oldest_undoable() - _GRACE)
    last = old.order_by("-id").values_list("pk", flat=True).first()
    return 0 if last is None else _settled_items(last) + _written(last)


def _settled_items(last: int) -> int:
    rows = SettledItem.objects.filter(decision_id__lte=last).order_by("decision_id", "item_id")
    forgotten = 0
    while ids := list(rows.values_list("pk", flat=True)[:STEP]):
        forgotten += SettledItem.objects.filter(pk__in=ids).delete()[0]
    return forgotten


def _written(last: int) -> int:
    rows = ReviewDecision.objects.filter(pk__lte=last).exclude(written={}).order_by("pk")
    forgotten = 0
    while ids := list(rows.values_list("pk", flat=True)[:STEP]):
        forgotten += ReviewDecision.objects.filter(pk__in=ids).update(written={})
    return forgotten
