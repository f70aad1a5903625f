"""A manager decides about a record in doubt; all that waits for it follows in the same transaction."""

from functools import partial

from customers.models import Customer
from customers.services.records import new_record
from customers.services.search_keys import key_record
from customers.services.timeline import Happening
from ordinavo.kernel.errors import Conflict, NotFound
from ordinavo.tenants.models import User
from targets.imports.models import MappingReview
from targets.imports.pipeline.waiting import Waiting
from targets.imports.selectors.reviews import RECORD_MODELS, customers_waiting, why_not_created
from targets.imports.services.deciding import Answer, about_review, decide
from targets.imports.services.learning import Corrections, Record, correct

Status = MappingReview.Status

Chosen = tuple[Record | None, list[Happening]]


def link_review(
    *, review: MappingReview, record: Record, actor: User | None, corrections: Corrections | None = None
) -> MappingReview:
    """Link the record in doubt to one of the tenant's own, and everything that waits for it.

    `corrections` sets fields of our record on the way: column → (what the manager saw, what it shall be).
    `Conflict` if somebody has decided already, if the record is inactive or belongs to another customer than
    the imports that wait, or if a field is no longer what the manager saw. `ValidationFailed` for a bad
    value, `NotFound` for another tenant's record or one of another kind.
    """
    if record.tenant_id != review.tenant_id or not isinstance(record, RECORD_MODELS[review.kind]):
        raise NotFound(f"There is no such {review.kind}.")
    return decide(review, Answer(Status.LINKED, actor, partial(_existing, record, corrections or {})))


def create_from_review(*, review: MappingReview, actor: User | None) -> MappingReview:
    """Create a record from what was sent, and link everything that waits for it.

    `Conflict` if somebody has decided already, if there is no name, or if the customer of a location or
    contact is not known.
    """
    return decide(review, Answer(Status.CREATED, actor, _new))


def dismiss_review(*, review: MappingReview, actor: User | None) -> MappingReview:
    """Decide that nothing is to be linked; the same record is not asked about again while nothing changes."""
    return decide(review, Answer(Status.DISMISSED, actor, _nothing))


def _existing(record: Record, corrections: Corrections, review: MappingReview, waiting: Waiting) -> Chosen:
    """Return the record as it is now, corrected."""
    current = _current(record, review, locked=bool(corrections))
    if not current.active:
        raise Conflict(f"The {review.kind} is inactive.")
    if not isinstance(current, Customer):
        _require_fitting(current, review)
    corrected = correct(current, corrections)
    return current, [] if corrected is None else [corrected]


def _current(record: Record, review: MappingReview, *, locked: bool) -> Record:
    rows = RECORD_MODELS[review.kind].objects.filter(tenant=review.tenant_id, pk=record.pk)
    # NO KEY: rows that link to it need a key share at their commit.
    found = rows.select_for_update(no_key=True).first() if locked else rows.first()
    if found is None:
        raise Conflict(f"The {review.kind} has been deleted meanwhile.")
    return found


def _require_fitting(part: Record, review: MappingReview) -> None:
    customer: Customer = part.customer  # type: ignore[union-attr]
    if not customer.active:
        raise Conflict(f"The customer of the {review.kind} is inactive.")
    customers = customers_waiting(review)
    if customers and customer.pk not in {one.pk for one in customers}:
        raise Conflict(f"The {review.kind} belongs to another customer than the imports that wait.")


def _new(review: MappingReview, waiting: Waiting) -> Chosen:
    draft, customers = waiting.newest_record(review), customers_waiting(review)
    refusal = why_not_created(review, draft.values, customers)
    if refusal:
        raise Conflict(refusal)
    record = new_record(draft, tenant=review.tenant, customer=customers[0] if customers else None)
    record.save(force_insert=True)
    key_record(record)
    return record, [Happening(record, f"{review.kind}.created", about_review(review))]


def _nothing(review: MappingReview, waiting: Waiting) -> Chosen:
    return None, []
