"""What a decision teaches: the external id, the name that came, and what is corrected of the record."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from customers.matching.judge import MANUAL
from customers.matching.normalise import name_key
from customers.models import Alias, Contact, Customer, ExternalReference, Location, RecordKind
from customers.services.records import with_keys
from customers.services.search_keys import key_record
from customers.services.timeline import Happening
from ordinavo.kernel.errors import Conflict, Detail, ValidationFailed
from ordinavo.tenants.models import User
from targets.imports.models import MappingReview
from targets.imports.pipeline.footprint import Footprint
from targets.imports.selectors.reviews import CORRECTABLE, RECORD_MODELS

Record = Customer | Location | Contact

# By column: the value that the manager saw, and the one that it shall have.
Corrections = Mapping[str, tuple[Any, Any]]

_NAME_LENGTH = 200


def learn_reference(review: MappingReview, record: Record, footprint: Footprint) -> None:
    """Let the external id name the record from now on, whatever it named before."""
    if not review.external_id:
        return
    known = ExternalReference.objects.filter(
        tenant=review.tenant,
        source_system=review.source_system,
        kind=review.kind,
        external_id=review.external_id,
    ).first()
    before = None if known is None else {"recordId": known.record.pk, "matchedBy": known.matched_by}
    footprint.note_reference(review.kind, review.external_id, record.pk, before)
    links = dict.fromkeys(RECORD_MODELS) | {review.kind: record}
    ExternalReference.objects.update_or_create(
        tenant=review.tenant,
        source_system=review.source_system,
        kind=review.kind,
        external_id=review.external_id,
        defaults={**links, "matched_by": MANUAL},
    )


def learn_names(
    record: Record, names: Iterable[Any], *, actor: User | None, footprint: Footprint
) -> list[str]:
    """Keep names that a customer or location goes by besides its own; return those that are new."""
    if isinstance(record, Contact):
        return []
    kind = RecordKind.CUSTOMER if isinstance(record, Customer) else RecordKind.LOCATION
    learned = []
    for name in dict.fromkeys(str(name).strip()[:_NAME_LENGTH] for name in names if name):
        key = name_key(name)
        if not key or key == record.name_key:
            continue
        alias, new = Alias.objects.get_or_create(
            tenant_id=record.tenant_id,
            name_key=key,
            **{kind.value: record},
            defaults={"name": name, "created_by": actor},
        )
        if new:
            footprint.aliases.append(alias.pk)
            learned.append(name)
    return learned


def correct(record: Record, corrections: Corrections) -> Happening | None:
    """Set fields of a record whose row the caller has locked; None if they are so already.

    `Conflict` if one of them is no longer what the manager saw, `ValidationFailed` for a bad value.
    """
    kind = RecordKind(record._meta.model_name or "")
    wanted = {column: pair for column, pair in corrections.items() if column in CORRECTABLE[kind]}
    changes = {}
    for column, (seen, value) in wanted.items():
        stored = getattr(record, column)
        if stored == value:
            continue
        if stored != seen:
            raise Conflict(f"{record} was changed meanwhile: look at its {_label(record, column)} again.")
        changes[column] = [stored, value]
        setattr(record, column, value)
    if not changes:
        return None
    _require_sound(record, set(changes))
    record.updated_at = timezone.now()
    row: Any = record
    with_keys(row).save()
    key_record(row)
    return Happening(record, f"{kind.value}.updated", {"changes": changes})


def _require_sound(record: Record, changed: set[str]) -> None:
    others = {field.name for field in record._meta.fields} - changed
    try:
        record.clean_fields(exclude=others)
        record.validate_constraints()
    except ValidationError as exc:
        faults = exc.message_dict
        details = [Detail(column, "invalid", text) for column, texts in faults.items() for text in texts]
        first = details[0]
        where = _label(record, first.path) if first.path in changed else "record"
        raise ValidationFailed(f"{where.capitalize()}: {first.message}", details=details) from exc


def _label(record: Record, column: str) -> str:
    return str(record._meta.get_field(column).verbose_name)  # type: ignore[union-attr]
