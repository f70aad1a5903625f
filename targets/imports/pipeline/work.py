"""The engine's door: works off a set in one short transaction, again if another request was faster."""

from collections.abc import Sequence

import structlog
from django.db import IntegrityError, OperationalError, transaction
from psycopg import errors as pg

from customers.matching.decisions import Decision, Decisions, ReviewKey
from ordinavo.kernel.errors import Unavailable
from targets.imports.pipeline.context import Context
from targets.imports.pipeline.gate import Held, wait
from targets.imports.pipeline.outcome import Outcome
from targets.imports.pipeline.reviews import Answered, Raced
from targets.imports.pipeline.run import Placed, Run

log = structlog.get_logger("ordinavo.imports")

# Each round somebody's set is written, so rounds are few; the bound is against a fault of ours.
_ROUNDS = 10


def work_off(context: Context, items: Sequence[Placed]) -> list[Outcome]:
    """Return what became of each item, in order."""
    decisions: dict[ReviewKey, Decision] = {}
    for _ in range(_ROUNDS):
        try:
            return _attempt(context, items, decisions)
        except Answered as answered:
            decisions |= answered.decisions
        except Held:
            wait(context.source_system)
        except (IntegrityError, OperationalError, Raced) as exc:
            if not lost_a_race(exc):
                raise
            log.info("import_raced", job_id=context.job_id, reason=type(exc.__cause__ or exc).__name__)
    raise Unavailable("Too many requests change the same records at once. Nothing was done.", retry_after=1)


@transaction.atomic
def _attempt(context: Context, items: Sequence[Placed], decisions: Decisions) -> list[Outcome]:
    return Run(context, items, dict(decisions)).work()


def lost_a_race(exc: Exception) -> bool:
    """Whether the error says that somebody else was faster, so that it is worth another try."""
    raced = (pg.UniqueViolation, pg.ForeignKeyViolation, pg.DeadlockDetected, pg.SerializationFailure)
    return isinstance(exc, Raced) or isinstance(exc.__cause__, raced)
