"""Forgetting what a decision taught: external ids, names, corrections, and records that nobody else uses."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import DO_NOTHING, Q

from customers.models import Alias, ExternalReference
from customers.services.records import with_keys
from customers.services.search_keys import key_record
from customers.services.timeline import Happening
from ordinavo.kernel.errors import Conflict
from targets.imports.models import MappingReview
from targets.imports.selectors.reviews import RECORD_MODELS


def forget_references(review: MappingReview, written: Iterable[Mapping[str, Any]]) -> list[str]:
    """Let external ids name what they named before; return the ids. `Conflict` if one was changed since."""
    said = {(one["kind"], one["externalId"]): one for one in written}
    known = _references(review, said)
    for key, row in known.items():
        if row.record.pk != said[key]["recordId"]:
            raise Conflict(f"The external id {row.external_id} names another {row.kind} by now.")
    kept = [row.pk for key, row in known.items() if _name_as_before(row, said[key]["before"])]
    ExternalReference.objects.filter(pk__in={row.pk for row in known.values()}.difference(kept)).delete()
    return [row.external_id for row in known.values()]


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
    ids: dict[str, list[int]] = defaultdict(list)
    for said in written:
        ids[said["kind"]].append(said["id"])
    gone, kept = [], []
    for kind in reversed(RECORD_MODELS):
        rows: Any = RECORD_MODELS[kind].objects.filter(tenant=review.tenant_id, pk__in=ids.get(kind, ()))
        records = list(rows.select_for_update(of=("self",)).order_by("pk"))
        used = _used_ids(records)
        stay = [record for record in records if record.pk in used or record.updated_at > since]
        go = [record for record in records if record not in stay]
        RECORD_MODELS[kind].objects.filter(pk__in=[record.pk for record in go]).delete()
        gone += [f"{kind} {record}" for record in go]
        kept += [f"{kind} {record}" for record in stay]
    return gone, kept


def _references(
    review: MappingReview, said: Collection[tuple[str, str]]
) -> dict[tuple[str, str], ExternalReference]:
    wanted = Q()
    for kind in RECORD_MODELS:
        wanted |= Q(kind=kind, external_id__in=sorted(one for of, one in said if of == kind))
    rows = ExternalReference.objects.filter(
        wanted, tenant=review.tenant_id, source_system=review.source_system_id
    )
    locked = (
        rows.select_for_update(of=("self",)).select_related(*RECORD_MODELS).order_by("kind", "external_id")
    )
    return {(row.kind, row.external_id): row for row in locked}


def _name_as_before(known: ExternalReference, before: Mapping[str, Any] | None) -> bool:
    """Let a reference name the record that it named before the decision; say whether there is one."""
    if before is None:
        return False
    found = RECORD_MODELS[known.kind].objects.filter(pk=before["recordId"]).first()
    if found is None:
        return False
    setattr(known, known.kind, found)
    known.matched_by = before["matchedBy"]
    known.save(update_fields=[known.kind, "matched_by"])
    return True


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


def _used_ids(records: Sequence[Any]) -> set[int]:
    """Return the ids of those on which a row of any room hangs; rooms above are found by foreign keys.

    One statement for each kind of row, whatever the number of records.
    """
    if not records:
        return set()
    used: set[int] = set()
    for relation in filter(_holds_on, records[0]._meta.get_fields(include_hidden=True)):
        column = relation.field.name
        rows = relation.related_model._base_manager.filter(**{f"{column}__in": [one.pk for one in records]})
        used.update(rows.order_by().values_list(column, flat=True).distinct())
    return used


def _holds_on(relation: Any) -> bool:
    """Whether rows point here that must not be left behind; search keys of who is gone are cleared away."""
    many = relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)
    return bool(many) and relation.on_delete is not DO_NOTHING
