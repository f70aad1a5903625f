"""What receivers get of approved reports and bills has every member that the published examples show."""

import json
from pathlib import Path
from typing import Any

import pytest

from integrations.models import IntegrationClient
from ordinavo.tenants.models import Tenant
from targets.visits.models import Attachment, VisitReport
from tests.api import Api
from tests.imports.sending import imported, send
from tests.visits.deciding import approved, listener
from tests.visits.field import DONE, scheduled, start, submit
from tests.visits.rows import employee
from tests.webhooks.telling import USUAL, told

pytestmark = pytest.mark.django_db

EXAMPLES = Path(__file__).parent.parent / "examples"
RECORDS: dict[str, Any] = {
    "customer": {
        "externalId": "CUST-10042",
        "customerNumber": "RRM-001",
        "name": "Rhein-Ruhr Medical Supply",
        "type": "Business",
    },
    "location": {
        "externalId": "LOC-ESSEN-01",
        "name": "Essen Center",
        "street": "Huyssenallee 12",
        "postalCode": "45128",
        "city": "Essen",
        "country": "DE",
        "latitude": 51.451,
        "longitude": 7.013,
    },
    "contact": {"externalId": "CONT-44", "displayName": "Anna Weber", "email": "anna@example.com"},
}
# Of this run: ids, times, the tenant.
OURS = {
    "eventId",
    "occurredAt",
    "tenantId",
    "ordinavoCustomerId",
    "ordinavoLocationId",
    "ordinavoContactId",
    "id",
    "visitReportId",
    "targetId",
    "appointmentId",
    "createdAtUtc",
}


@pytest.fixture
def report(api: Api, erp: IntegrationClient, tenant: Tenant) -> VisitReport:
    """The visit of the examples, imported, done, and reported with two photos."""
    listener(erp, "visit_report.approved", "billing.event_created")
    from_import = imported(send(api, externalId="JOB-2026-000918", title="Maintenance visit", **RECORDS))
    target = tenant.targets.select_related("source_system", "location").get(pk=from_import["targetId"])
    [visit] = scheduled([target], employee(tenant))
    start(visit)
    report = submit(visit, values=DONE)
    for number in range(2):
        Attachment.objects.create(
            report=report, key=str(number), kind="image/jpeg", name="photo.jpg", file=f"{number}.jpg", size=1
        )
    return approved(VisitReport.objects.select_related("tenant").get(pk=report.pk))


@pytest.mark.parametrize(
    ("event_type", "file"),
    [
        ("visit_report.approved", "webhook-visit-report-approved.json"),
        ("billing.event_created", "webhook-billing-event-created.json"),
    ],
)
def test_every_member_of_the_example_is_sent_with_its_value(
    event_type: str, file: str, report: VisitReport
) -> None:
    example = json.loads((EXAMPLES / file).read_text("utf-8"))
    [payload] = told(event_type, USUAL)
    assert missing(example, payload) == []
    assert differing(example, payload) == []
    assert payload["visitReport"]["id"] == report.pk
    assert payload["target"]["id"] == report.appointment.target_id


def missing(example: Any, payload: Any, path: str = "") -> list[str]:
    """The members that the example has and the payload has not."""
    if not isinstance(example, dict):
        return []
    found = []
    for name, value in example.items():
        if name not in payload:
            found.append(f"{path}{name}")
        else:
            found += missing(value, payload[name], f"{path}{name}.")
    return found


def differing(example: Any, payload: Any, path: str = "") -> list[tuple[str, Any, Any]]:
    """Where the payload says something else, ids and times apart; these are of the same kind."""
    found = []
    for name, value in example.items():
        here = payload[name]
        if isinstance(value, dict):
            found += differing(value, here, f"{path}{name}.")
        elif (type(here) is not type(value)) if name in OURS else here != value:
            found.append((f"{path}{name}", value, here))
    return found
