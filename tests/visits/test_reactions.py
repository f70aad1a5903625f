"""What imports do to planned targets: a cancelled one cancels its visit, a changed one is flagged."""

import pytest

from integrations.models import IntegrationClient
from ordinavo.tenants.models import ManagerNotice, Tenant
from targets.models import Target
from targets.visits.models import Appointment
from targets.visits.selectors.appointments import changed
from tests.api import Api
from tests.imports.batching import done
from tests.imports.sending import imported, send
from tests.routes.rows import drafted, published, targets
from tests.visits.rows import employee
from tests.webhooks import rows
from tests.webhooks.telling import told, types

pytestmark = pytest.mark.django_db


@pytest.fixture
def planned(tenant: Tenant) -> list[Target]:
    """Two targets with appointments."""
    employee(tenant)
    wanted = targets(tenant, 2)
    published(drafted(tenant, wanted))
    return wanted


def test_a_cancelled_target_cancels_its_visit_and_both_are_told(
    api: Api, erp: IntegrationClient, planned: list[Target]
) -> None:
    rows.subscription(erp, "target.*", "appointment.*")
    item = imported(send(api, externalId=planned[0].external_id, operation="cancel"))
    assert item["result"] == "Cancelled"
    cancelled = Appointment.objects.get(target=planned[0])
    assert (cancelled.status, cancelled.cancelled_because) == ("Cancelled", "target_cancelled")
    assert Appointment.objects.get(target=planned[1]).status == "Scheduled"
    assert types() == ["appointment.cancelled", "target.cancelled"]
    [payload] = told("appointment.cancelled")
    assert (payload["appointment"]["id"], payload["appointment"]["status"]) == (cancelled.pk, "Cancelled")
    assert (payload["target"]["status"], payload["target"]["revision"]) == ("Cancelled", 3)
    told_now = api.get(f"/targets/{planned[0].pk}").json()
    assert (told_now["status"], told_now["appointment"]) == ("Cancelled", None)


def test_a_batch_cancels_visits_with_its_targets(api: Api, planned: list[Target]) -> None:
    done(api, [{"externalId": one.external_id, "operation": "cancel"} for one in planned])
    assert set(Appointment.objects.values_list("status", flat=True)) == {"Cancelled"}


def test_what_is_only_foretold_cancels_nothing(api: Api, planned: list[Target]) -> None:
    send(api, query="?validateOnly=true", externalId=planned[0].external_id, operation="cancel")
    assert set(Appointment.objects.values_list("status", flat=True)) == {"Scheduled"}
    assert not ManagerNotice.objects.exists()


def test_a_replanned_target_keeps_its_visit_and_is_flagged_once(api: Api, planned: list[Target]) -> None:
    for minutes, one in ((45, planned[0]), (50, planned[0]), (45, planned[1])):
        send(api, externalId=one.external_id, operation="update", planning={"estimatedWorkMinutes": minutes})
    assert set(Appointment.objects.values_list("status", flat=True)) == {"Scheduled"}
    assert {one.target_id for one in changed(Appointment.objects.all())} == {one.pk for one in planned}
    notice = ManagerNotice.objects.get()
    assert (notice.kind, notice.link) == (
        "appointment.target_changed",
        "/admin/visits/appointment/?changed=yes",
    )


def test_another_title_flags_the_visit_without_a_notice(api: Api, planned: list[Target]) -> None:
    send(api, externalId=planned[0].external_id, operation="update", title="Other")
    assert [one.target_id for one in changed(Appointment.objects.all())] == [planned[0].pk]
    assert not ManagerNotice.objects.exists()


def test_a_target_that_is_cancelled_and_opened_again_can_be_planned_again(
    api: Api, tenant: Tenant, planned: list[Target]
) -> None:
    send(api, externalId=planned[0].external_id, operation="cancel")
    send(api, externalId=planned[0].external_id)
    published(drafted(tenant, [planned[0]]))
    statuses = Appointment.objects.filter(target=planned[0]).order_by("id").values_list("status", flat=True)
    assert list(statuses) == ["Cancelled", "Scheduled"]
