"""What phones send may come twice: the first one counts, the others get its answer."""

import hashlib
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from ordinavo.kernel.json_text import json_text
from ordinavo.kernel.saving import invalid_field
from targets.visits.models import Employee, Submission
from targets.visits.states import MoveRefused

LONGEST_KEY = 64
# Who comes at the same moment waits here until the first one's transaction has ended.
_CLAIM = """
INSERT INTO visits_submission (employee_id, key, action, digest, outcome, created_at)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (employee_id, key) DO NOTHING RETURNING id
"""


def claim(*, employee: Employee, key: str, action: str, appointment_id: int, content: Any = None) -> bool:
    """Whether this is the first time that the employee's phone sends this under the key.

    Call it first in the transaction: what is rolled back may be sent again. `MoveRefused` if something else
    was sent under the same key. The phone's clock is no part of `content`: it goes on.
    """
    if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise invalid_field("key", "Must be 1 to 64 printable ASCII characters.")
    digest = hashlib.sha256(json_text([action, appointment_id, content]).encode()).hexdigest()
    outcome = json_text({"appointmentId": appointment_id})
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [employee.pk, key, action, digest, outcome, timezone.now()])
        if cursor.fetchone() is not None:
            return True
    if Submission.objects.get(employee=employee, key=key).digest != digest:
        message = _("Something else was sent under the same key before. Load the page again.")
        raise MoveRefused("key_used", message)
    return False
