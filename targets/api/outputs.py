"""What the API says of targets and of how their customers were mapped, cut to the client's scopes."""

from typing import Any

from customers.matching.mapping import MAPPING_IDS
from customers.models import Location
from integrations.grants import Grant
from integrations.scopes import Scope
from ordinavo.kernel.instants import instant
from targets.models import Target
from targets.planning import planning_of

# Codes that would tell a client without `customers.read` something of other records.
_TELLING = {
    "ambiguous_customer",
    "ambiguous_location",
    "ambiguous_contact",
    "probable_match",
    "customer_number_conflict",
    "location_of_other_customer",
    "contact_of_other_customer",
    "customer_inactive",
}
_PLACE = {
    "street": "street",
    "postalCode": "postal_code",
    "city": "city",
    "country": "country",
    "latitude": "latitude",
    "longitude": "longitude",
}


def target_out(target: Target, grant: Grant) -> dict[str, Any]:
    """Return a target as it stands; without `customers.read` of its location only the sender's own id."""
    return {
        "id": target.pk,
        "externalId": target.external_id,
        "externalType": target.external_type or None,
        "sourceSystem": grant.source_system.key,
        "title": target.title,
        "description": target.description,
        "status": target.status,
        "templateKey": target.template_key or None,
        "planning": planning_of(target),
        "location": None if target.location is None else _location(target.location, grant),
        "address": _address(target),
        "customFields": target.custom_fields,
        "customerMapping": mapping_out(_with_links(target), grant),
        "revision": target.revision,
        "lastImportJobId": target.last_import_job_id,
        "followUpOfTargetId": target.follow_up_of_id,
        "followUpOfExternalId": None if target.follow_up_of is None else target.follow_up_of.external_id,
        "appointment": _appointment(target),
        "createdAt": instant(target.created_at),
        "updatedAt": instant(target.updated_at),
    }


def mapping_out(mapping: dict[str, Any] | None, grant: Grant) -> dict[str, Any] | None:
    """Return the mapping whole to whoever may read customers, else its status and bare codes."""
    if mapping is None or grant.allows(Scope.CUSTOMERS_READ):
        return mapping
    return {"status": mapping["status"], "warnings": _bare(mapping["warnings"])}


def _with_links(target: Target) -> dict[str, Any] | None:
    """Return how the last sent customer data was mapped, with the ids of what the target is linked to: what
    was not sent again stays linked."""
    if target.mapping is None:
        return None
    ids = (target.customer_id, target.location_id, target.contact_id)
    return {**target.mapping, **dict(zip(MAPPING_IDS.values(), ids, strict=True))}


def _appointment(target: Target) -> dict[str, Any] | None:
    if target.appointment_id is None:
        return None
    return {
        "id": target.appointment_id,
        "status": target.appointment_status,
        "startUtc": instant(target.appointment_start),
    }


def _location(location: Location, grant: Grant) -> dict[str, Any]:
    own = [
        reference.external_id
        for reference in location.references.all()
        if reference.source_system_id == grant.source_system.pk
    ]
    named = {"externalId": min(own, default=None)}
    if not grant.allows(Scope.CUSTOMERS_READ):
        return named
    return {**named, "name": location.name, **_place(location)}


def _address(target: Target) -> dict[str, Any] | None:
    place = _place(target)
    return None if set(place.values()) == {None} else place


def _place(row: Target | Location) -> dict[str, Any]:
    return {name: _or_none(getattr(row, column)) for name, column in _PLACE.items()}


def _or_none(value: Any) -> Any:
    return None if value == "" else value


def _bare(warnings: list[dict[str, str]]) -> list[dict[str, str]]:
    codes = (_cut(warning["code"]) for warning in warnings)
    return [{"code": code} for code in dict.fromkeys(codes)]


def _cut(code: str) -> str:
    return "mapping_needs_review" if code in _TELLING else code
