"""Forgetting what a decision taught: external ids, names, corrections, and records that nobody else uses."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from customers.models import Alias, ExternalReference
from customers.services.records import with_keys
from customers.services.search_keys import key_record
from customers.services.timeline import Happening
from ordinavo.kernel.errors import Conflict
from targets.imports.models import MappingReview
from targets.imports.selectors.reviews import RECORD_MODELS


def forget_references(review: MappingReview, written: Iterable[Mapping[str, Any]]) -> list[str]:
    """Let external ids name what they named before; return the ids. `Conflict` if one was changed since."""
    forgotten = []
    for said in written:
        known = _reference(review, said)
        if known is None:
            continue
        if known.record.pk != said["recordId"]:
            raise Conflict(f"The external id {said['externalId']} names another {said['kind']} by now.")
        _restore(known, said)
        forgotten.append(said["externalId"])
    return forgotten


def forget_names(ids: Iterable[int]) -> list[str]:
    """Delete aliases; return the names."""
    rows = Alias.objects.filter(pk__in=list(ids))
    names = list(rows.order_by("pk").values_list("name", flat=True))
    rows.delete()
    return names


def uncorrect(review: MappingReview, written: Iterable[Mapping[str, Any]]) -> list[Happening]:
    """Give records back the fields that the decision changed.

    `Conflict` if somebody has changed one of these fields since, which would be overwritten.
    """
    return [
        happening for said in reversed(list(written)) if (happening := _uncorrect(review, said)) is not None
    ]


def delete_unused(
    review: MappingReview, written: Iterable[Mapping[str, Any]], *, since: datetime
) -> tuple[list[str], list[str]]:
    """Delete records that the decision created; return the names of those that went, and of those that stay.

    A record stays if anything else hangs on it by now, or if somebody has changed it since.
    """
    gone, kept = [], []
    for said in reversed(list(written)):
        record = _locked(review, said)
        if record is None:
            continue
        if record.updated_at > since or _is_used(record):
            kept.append(f"{said['kind']} {record}")
            continue
        gone.append(f"{said['kind']} {record}")
        record.delete()
    return gone, kept


def _reference(review: MappingReview, said: Mapping[str, Any]) -> ExternalReference | None:
    return (
        ExternalReference.objects.select_for_update(of=("self",))
        .filter(
            tenant=review.tenant_id,
            source_system=review.source_system_id,
            kind=said["kind"],
            external_id=said["externalId"],
        )
        .first()
    )


def _restore(known: ExternalReference, said: Mapping[str, Any]) -> None:
    before = said["before"]
    found = (
        None if before is None else RECORD_MODELS[said["kind"]].objects.filter(pk=before["recordId"]).first()
    )
    if before is None or found is None:
        known.delete()
        return
    setattr(known, said["kind"], found)
    known.matched_by = before["matchedBy"]
    known.save(update_fields=[said["kind"], "matched_by"])


def _uncorrect(review: MappingReview, said: Mapping[str, Any]) -> Happening | None:
    record = _locked(review, said)
    if record is None:
        return None
    back = {
        column: [getattr(record, column), old]
        for column, (old, _) in said["changes"].items()
        if getattr(record, column) != old
    }
    for column, (stored, _) in back.items():
        if stored != said["changes"][column][1]:
            where = column.replace("_", " ")
            raise Conflict(f"The {said['kind']} {record} has been changed since ({where}).")
    for column, (_, old) in back.items():
        setattr(record, column, old)
    if not back:
        return None
    with_keys(record).save()
    key_record(record)
    return Happening(record, f"{said['kind']}.updated", {"changes": back})


def _locked(review: MappingReview, said: Mapping[str, Any]) -> Any:
    rows = RECORD_MODELS[said["kind"]].objects.filter(tenant=review.tenant_id, pk=said["id"])
    return rows.select_for_update(of=("self",), no_key=True).first()


def _is_used(record: Any) -> bool:
    """Whether a row of any room hangs on it; rooms above are found through their foreign keys."""
    relations = (relation for relation in record._meta.related_objects if not relation.hidden)
    hidden = (relation for relation in record._meta.get_fields(include_hidden=True) if _leads_here(relation))
    every = {(one.related_model, one.field.name) for one in (*relations, *hidden)}
    return any(model._base_manager.filter(**{name: record}).exists() for model, name in every)


def _leads_here(relation: Any) -> bool:
    return bool(
        relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)
    )
