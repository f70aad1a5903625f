"""What a set of imports adds to and changes in the customers, written with set statements."""

from collections import defaultdict
from typing import Any

from django.utils import timezone

from customers.matching.mapping import KINDS
from customers.matching.references import Reference
from customers.models import Contact, Customer, ExternalReference, Location
from customers.services.records import with_keys
from customers.services.search_keys import key_changed, key_new
from customers.services.timeline import Happening
from integrations.models import SourceSystem
from ordinavo.kernel.sets import copy_rows, insert_instances, insert_rows, update_instances
from ordinavo.tenants.models import Tenant

# What search keys are made of.
_KEYED = {"name", "email", "street", "postal_code", "city"}
_KEYS = {"name_key", "email_key", "phone_key"}
_MODELS: tuple[type[Customer | Location | Contact], ...] = (Customer, Location, Contact)


class Register:
    """Collects; `flush` writes in one order (by kind, then key): two sets never wait for each other.

    `many` says that it collects for more than one target.
    """

    def __init__(self, source_system: SourceSystem, tenant: Tenant, *, many: bool) -> None:
        self._source_system = source_system
        self._tenant = tenant
        self._many = many
        self._new: dict[type, list[Any]] = defaultdict(list)
        self._references: list[Reference] = []
        self._changes: dict[type, dict[int, dict[str, Any]]] = defaultdict(lambda: defaultdict(dict))

    def create(self, record: Customer | Location | Contact) -> None:
        """Store the record at the flush."""
        self._new[type(record)].append(record)

    def refer(self, reference: Reference) -> Reference:
        """Store the reference at the flush; its record may be a new one."""
        self._references.append(reference)
        return reference

    def change(self, record: Any, values: dict[str, Any]) -> None:
        """Set the columns; on a record that is not stored yet they go in with it."""
        for column, value in values.items():
            setattr(record, column, value)
        with_keys(record)
        if record.pk is not None:
            self._changes[type(record)][record.pk].update(values)

    def flush(self) -> list[Happening]:
        """Write everything; return what happened. `IntegrityError`: a reference was taken meanwhile."""
        happenings = []
        for model in _MODELS:
            happenings += self._insert(model)
        self._insert_references()
        for model in _MODELS:
            happenings += self._update(model)
        if self._tenant.keeps_search_keys:
            self._write_search_keys()
        return happenings

    def _write_search_keys(self) -> None:
        key_new(tenant=self._tenant, customers=self._new[Customer], locations=self._new[Location])
        key_changed(
            tenant=self._tenant,
            customer_ids=[pk for pk, told in self._changes[Customer].items() if told.keys() & _KEYED],
            location_ids=[pk for pk, told in self._changes[Location].items() if told.keys() & _KEYED],
        )

    def _insert(self, model: type[Any]) -> list[Happening]:
        records = self._new[model]
        if records:
            insert_instances(records, many=self._many)
        return [Happening(record, f"{model._meta.model_name}.created") for record in records]

    def _insert_references(self) -> None:
        shared = {
            "tenant_id": self._tenant.pk,
            "source_system_id": self._source_system.pk,
            "created_at": timezone.now(),
        }
        rows = [
            {
                **shared,
                "kind": reference.kind,
                "external_id": reference.external_id,
                "matched_by": reference.matched_by,
                **{f"{kind}_id": reference.record.pk if reference.kind == kind else None for kind in KINDS},
            }
            for reference in sorted(self._references, key=lambda one: (one.kind, one.external_id))
        ]
        if rows:
            (copy_rows if self._many else insert_rows)(ExternalReference, rows)

    def _update(self, model: type[Any]) -> list[Happening]:
        """Put the sent columns on top of what is stored now, not of what was read earlier."""
        changes = self._changes[model]
        if not changes:
            return []
        # NO KEY: rows that others link to these meanwhile need a key share at their commit; it must not wait.
        rows = list(model.objects.select_for_update(no_key=True).filter(pk__in=changes).order_by("pk"))
        applied = [(row, _apply(row, changes[row.pk])) for row in rows]
        happenings = [
            Happening(row, f"{model._meta.model_name}.updated", {"changes": done})
            for row, done in applied
            if done
        ]
        for row in rows:
            row.tenant = self._tenant
            with_keys(row)
        columns = {column for values in changes.values() for column in values}
        update_instances(rows, columns | _KEYS)
        return happenings


def _apply(row: Any, values: dict[str, Any]) -> dict[str, Any]:
    """Set the columns; return the old and new values of those that really change."""
    changes = {
        column: [getattr(row, column), value]
        for column, value in values.items()
        if getattr(row, column) != value
    }
    for column, (_, value) in changes.items():
        setattr(row, column, value)
    return changes
