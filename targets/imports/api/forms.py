"""From a payload to a draft: the form is judged here, once; what fits what is stored, the engine judges."""

from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from typing import Any

from rest_framework import serializers

from customers.matching.drafts import RecordSet
from customers.matching.mapping import Warn
from integrations.grants import Grant
from integrations.models import IntegrationClient
from integrations.scopes import Scope
from ordinavo.kernel.api_errors import INVALID_FIELDS, details_of
from ordinavo.kernel.errors import Detail
from targets.imports import errors
from targets.imports.api import records
from targets.imports.api.columns import ADDRESS, BUSINESS_VALUE, PLANNING, TARGET, columns_of
from targets.imports.api.payload import TargetPayload
from targets.imports.errors import ItemRefused
from targets.imports.pipeline.drafts import UPSERT, TargetDraft
from targets.imports.pipeline.settle import external_id_of

_SPELLINGS = (
    ("preferredTimeWindowStart", "timeWindowStartUtc"),
    ("preferredTimeWindowEnd", "timeWindowEndUtc"),
)

_MOST_UNKNOWN = 100


@cache
def _form() -> TargetPayload:
    # Building a serializer costs more than using it; this one holds no state between items.
    return TargetPayload()


def judge_form(payload: Any, client: IntegrationClient) -> TargetDraft | ItemRefused:
    """Return the draft that a payload of this client stands for, or why its form is refused."""
    try:
        return _draft(payload, client)
    except ItemRefused as refusal:
        return refusal


def judging(client: IntegrationClient) -> Callable[[Any], TargetDraft | ItemRefused]:
    """Return a judge for the items of one batch, in order: it marks ids that stood in the batch before."""
    seen: set[str] = set()

    def judge(payload: Any) -> TargetDraft | ItemRefused:
        judged, external_id = judge_form(payload, client), external_id_of(payload)
        if isinstance(judged, TargetDraft) and external_id in seen:
            message = "This external id stands in the batch before."
            judged = judged.warned("duplicate_in_batch", message, "externalId")
        seen.add(external_id)
        return judged

    return judge


def require_mapping_scope(payload: Any, grant: Grant, *, prefix: str = "") -> None:
    """Raise `MissingScope` if the payload holds records that only `customers.map` may send.

    `prefix` says where in the body the payload stands.
    """
    if grant.allows(Scope.CUSTOMERS_MAP) or not isinstance(payload, dict):
        return
    sent = payload.get("customer")
    customer = sent if isinstance(sent, dict) else {}
    needing = [f"customer.{name}" for name in ("externalId", "customerNumber") if customer.get(name)]
    needing += [name for name in ("location", "contact") if payload.get(name)]
    if needing:
        grant.require(Scope.CUSTOMERS_MAP, path=prefix + needing[0])


def _draft(payload: Any, client: IntegrationClient) -> TargetDraft:
    if isinstance(payload, dict) and payload.get("externalId") in (None, ""):
        message = "externalId is missing: send your own id, 1 to 128 characters."
        raise ItemRefused(errors.MISSING_EXTERNAL_ID, message, path="externalId", form=True)
    sent = _validated(payload)
    _require_own_source(sent, client)
    planning = sent.get("planning")
    if planning:
        _check_planning(planning)
    values, paths = _values(sent)
    text_only = records.is_flat(sent) and Scope.CUSTOMERS_MAP.value not in client.scopes
    return TargetDraft(
        external_id=sent["externalId"],
        operation=sent.get("operation") or UPSERT,
        values=values | records.customer_text(sent),
        paths=paths,
        records=RecordSet() if text_only else records.record_set(sent),
        cleared=records.cleared(sent),
        text_only=text_only,
        warnings=(*_unknown(payload), *_ignored(sent)),
    )


def _validated(payload: Any) -> dict[str, Any]:
    try:
        sent: dict[str, Any] = _form().run_validation(payload)
    except serializers.ValidationError as exc:
        raise _refused(*details_of(exc.detail)) from None
    if not sent["externalId"].strip():
        message = "externalId must not be blank."
        raise ItemRefused(errors.MISSING_EXTERNAL_ID, message, path="externalId", form=True)
    return sent


def _refused(*details: Detail) -> ItemRefused:
    return ItemRefused(errors.VALIDATION_FAILED, INVALID_FIELDS, details=details, form=True)


def _require_own_source(sent: dict[str, Any], client: IntegrationClient) -> None:
    own = client.source_system.key
    if sent.get("sourceSystem") not in {None, "", own}:
        message = f"This client speaks for the source system {own} only."
        raise ItemRefused(errors.SOURCE_SYSTEM_NOT_ALLOWED, message, path="sourceSystem")


def _check_planning(planning: dict[str, Any]) -> None:
    for ours, other in _SPELLINGS:
        if ours in planning and other in planning and planning[ours] != planning[other]:
            message = f"{other} and {ours} are two spellings of one field, but their values differ."
            raise _refused(Detail(f"planning.{other}", "conflicting_values", message))
    if planning.get("dueDate") and planning.get("dueAtUtc"):
        message = "Send dueDate or dueAtUtc, not both."
        raise _refused(Detail("planning.dueAtUtc", "conflicting_values", message))
    start, _ = _either(planning, _SPELLINGS[0])
    end, name = _either(planning, _SPELLINGS[1])
    if start and end and start >= end:
        message = "The time window must start before it ends."
        raise _refused(Detail(f"planning.{name}", "window_ends_before_it_starts", message))


def _either(planning: dict[str, Any], names: tuple[str, str]) -> tuple[Any, str]:
    name = next((name for name in names if planning.get(name)), names[0])
    return planning.get(name), name


def _values(sent: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the target's columns that were sent, and under which path."""
    blocks = {"planning": PLANNING, "businessValue": BUSINESS_VALUE}
    if not sent.get("location"):
        blocks["address"] = ADDRESS
    values = columns_of(sent, TARGET)
    paths = {column: name for name, column in TARGET.items() if name in sent}
    for name, columns in blocks.items():
        if name in sent:
            inner = dict.fromkeys(columns) if sent[name] is None else sent[name]
            values |= columns_of(inner, columns)
            paths |= {column: f"{name}.{member}" for member, column in columns.items() if member in inner}
    return _one_due(values), paths


def _one_due(values: dict[str, Any]) -> dict[str, Any]:
    """Let a due day clear the due time, and the other way round."""
    if values.get("due_date"):
        values["due_at"] = None
    elif values.get("due_at"):
        values["due_date"] = None
    return values


def _ignored(sent: dict[str, Any]) -> Iterator[Warn]:
    if sent.get("location") and sent.get("address"):
        yield Warn("address_ignored", "The location is the place of work; the address is ignored.", "address")
    if records.contact_name(sent) and sent.get("contact"):
        message = "There is a contact; contactName is ignored."
        yield Warn("contact_name_ignored", message, "customer.contactName")


def _unknown(payload: dict[str, Any]) -> list[Warn]:
    """A body of nothing but unknown fields must not come back at many times its size."""
    found = list(islice(_unknown_fields(payload, _form()), _MOST_UNKNOWN + 1))
    if len(found) > _MOST_UNKNOWN:
        found[_MOST_UNKNOWN:] = [Warn("unknown_field", "There are more; they were ignored too.", "")]
    return found


def _unknown_fields(payload: dict[str, Any], form: Any, prefix: str = "") -> Iterator[Warn]:
    for name, value in payload.items():
        field = form.fields.get(name)
        if field is None:
            path = f"{prefix}{name}"[:200]
            yield Warn("unknown_field", "This field is not known; it was ignored.", path)
        elif isinstance(field, serializers.Serializer) and isinstance(value, dict):
            yield from _unknown_fields(value, field, f"{prefix}{name}.")
