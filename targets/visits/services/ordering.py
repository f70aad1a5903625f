"""The order of an employee's visits on a day."""

from collections.abc import Iterable

from django.db import connection

from targets.visits.models import Appointment

# Locks are taken in the order of the ids, as everywhere.
_CLOSE_RANKS = """
WITH held AS (
    SELECT id, employee_id, day, planned_start FROM visits_appointment
    WHERE employee_id = ANY(%s) AND day = ANY(%s) AND status <> 'Cancelled'
    ORDER BY id FOR NO KEY UPDATE
), ranked AS (
    SELECT id, row_number() OVER (PARTITION BY employee_id, day ORDER BY planned_start, id) AS place FROM held
)
UPDATE visits_appointment AS stored SET sequence = ranked.place FROM ranked
WHERE stored.id = ranked.id AND stored.sequence <> ranked.place RETURNING stored.id, stored.sequence
"""


def close_ranks(appointments: Iterable[Appointment], *, employee_ids: Iterable[int] = ()) -> None:
    """Number the visits on these days of these people (and `employee_ids`) by their planned start, from 1.

    Cancelled ones keep their number. The caller holds the people's locks: one statement.
    """
    appointments = list(appointments)
    people = {one.employee_id for one in appointments} | set(employee_ids)
    days = {one.day for one in appointments}
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE_RANKS, [sorted(people), sorted(days)])
        numbers: dict[int, int] = dict(cursor.fetchall())
    for one in appointments:
        one.sequence = numbers.get(one.pk, one.sequence)
