"""An employee works a visit off: states, what is written down, what is told."""

import pytest

from integrations.models import IntegrationClient
from ordinavo.tenants.models import Tenant
from targets.models import Target
from targets.visits.models import Appointment, VisitReport
from tests.visits import field
from tests.webhooks import rows
from tests.webhooks.telling import types

pytestmark = pytest.mark.django_db


def test_a_visit_is_started_completed_and_reported(tenant: Tenant, erp: IntegrationClient) -> None:
    [visit] = field.day_of(tenant)
    rows.subscription(erp, "target.*", "appointment.*", "visit_report.*")
    field.start(visit)
    field.complete(visit)
    report = field.submit(visit)
    assert types() == [
        "appointment.started",
        "appointment.completed",
        "target.completed",
        "visit_report.created",
        "visit_report.submitted",
    ]
    assert (Appointment.objects.get().status, Target.objects.get().status) == ("Completed", "Completed")
    assert (VisitReport.objects.get(), report.status, report.version) == (report, "Submitted", 1)
