"""Every item gets its own fate, also where one of them breaks what all of them need."""

from collections.abc import Sequence
from typing import Any

import structlog
from django.db import transaction

from customers.matching.judge import Step
from ordinavo.kernel.errors import DomainError
from ordinavo.kernel.postgres.away import AWAY
from targets.imports import errors
from targets.imports.errors import ItemRefused
from targets.imports.models import ImportItem
from targets.imports.pipeline.context import Context
from targets.imports.pipeline.outcome import Outcome
from targets.imports.pipeline.run import Placed
from targets.imports.pipeline.work import work_off

log = structlog.get_logger("ordinavo.imports")


def work_off_each(context: Context, items: Sequence[Placed], *, validate_only: bool = False) -> list[Outcome]:
    """Return what became of each item, in order.

    With `validate_only` the very same code runs and is rolled back; new rows then have no ids.
    """
    if not validate_only:
        return _halved(context, items)
    with transaction.atomic():
        outcomes = _halved(context, items)
        transaction.set_rollback(True)
    _forget_new_rows(outcomes)
    return outcomes


def _halved(context: Context, items: Sequence[Placed]) -> list[Outcome]:
    """Work off a set; if it breaks as a whole, halve it until the broken item stands alone."""
    try:
        return work_off(context, items)
    except (*AWAY, DomainError):
        raise
    except Exception:
        if len(items) == 1:
            log.exception("item_broke", job_id=context.job_id)
            return [_set_aside(items[0])]
    middle = len(items) // 2
    return [*_halved(context, items[:middle]), *_halved(context, items[middle:])]


def _set_aside(item: Placed) -> Outcome:
    """Refuse what broke: the database did not take what the form let through, or a reaction failed.

    It is our fault, but the job must say what happened. What the item did is rolled back already.
    """
    message = "Something went wrong on our side. It has been logged."
    return Outcome(item.draft, refusal=ItemRefused(errors.INTERNAL_ERROR, message))


def _forget_new_rows(outcomes: Sequence[Outcome]) -> None:
    """Take the ids from rows that have gone with their transaction, whichever item speaks of them."""
    new = {(type(row), row.pk) for outcome in outcomes for row in _made_by(outcome)}
    for outcome in outcomes:
        for row in _spoken_of(outcome):
            if (type(row), row.pk) in new:
                row.pk = None
        outcome.forget_ids()


def _made_by(outcome: Outcome) -> list[Any]:
    made: list[Any] = [outcome.target] if outcome.result == ImportItem.Result.CREATED else []
    if outcome.mapping is not None:
        created = [d.kind for d, verdict in outcome.mapping.verdicts.values() if verdict.step is Step.CREATE]
        made += [getattr(outcome.mapping, kind) for kind in created]
    return made


def _spoken_of(outcome: Outcome) -> list[Any]:
    mapping = outcome.mapping
    rows = [outcome.target, *((mapping.customer, mapping.location, mapping.contact) if mapping else ())]
    return [row for row in rows if row is not None]
