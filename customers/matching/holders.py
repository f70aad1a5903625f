"""Who has a mailbox or phone, however many share it: a bounded number is read."""

from collections.abc import Mapping, Sequence

from django.db import connection

from customers.models import Contact, Customer
from ordinavo.kernel.json_text import json_text
from ordinavo.tenants.models import Tenant

# Two are too many for a link already; managers are offered a few more. Contacts of all customers share the
# phone of a switchboard, and those of one customer are looked for among them.
_MOST = {Customer: 20, Contact: 500}

_HOLDERS = """
SELECT holder.id FROM json_to_recordset(%(wanted)s::json) AS wanted(kind text, value text),
LATERAL (
    (SELECT id FROM {table} WHERE wanted.kind = 'email' AND tenant_id = %(tenant)s
        AND email_key = wanted.value AND email_key <> '' AND active LIMIT %(most)s)
    UNION ALL
    (SELECT id FROM {table} WHERE wanted.kind = 'phone' AND tenant_id = %(tenant)s
        AND phone_key = wanted.value AND phone_key <> '' AND active LIMIT %(most)s)
) AS holder
"""


def holder_ids(
    model: type[Customer] | type[Contact], tenant: Tenant, values: Mapping[str, Sequence[str]]
) -> list[int]:
    """Return ids of active customers or contacts with these values, by kind (`email`, `phone`).

    One statement, none without values; of a value that many share only some are returned.
    """
    wanted = [{"kind": kind, "value": value} for kind, some in values.items() for value in some]
    if not wanted:
        return []
    statement = _HOLDERS.format(table=model._meta.db_table)
    said: dict[str, str | int] = {"wanted": json_text(wanted), "tenant": tenant.pk, "most": _MOST[model]}
    with connection.cursor() as cursor:
        cursor.execute(statement, said)
        return sorted({pk for (pk,) in cursor.fetchall()})
