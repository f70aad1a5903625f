"""`make demo` plays to its end, and all that it prints is as it says."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from ordinavo.desk.demo.story import Stage as Play
from ordinavo.desk.demo.story import play
from ordinavo.desk.demo.visitor import Refused
from targets.models import Target
from targets.visits.models import Appointment, BillingEvent, VisitReport
from tests.journeys.company import Company
from webhooks.models import Subscription

pytestmark = pytest.mark.slow


def test_the_demonstration_plays_to_its_end(company: Company, tmp_path: Path) -> None:
    credentials = tmp_path / "demo.json"
    call_command("seed_demo", "--credentials", str(credentials), "--force", verbosity=0)
    told = json.loads(credentials.read_text())
    logins = {one["role"]: (one["email"], one["password"]) for one in told["logins"]}
    said: list[str] = []

    target_id = play(Play(company.url, logins, told["apiKey"], said.append, pace=0))

    text = "\n".join(said)
    assert Target.objects.get(pk=target_id).status == "Completed"
    report = VisitReport.objects.get(appointment__target=target_id)
    assert (report.status, report.attachments.count()) == ("Approved", 2)
    assert BillingEvent.objects.get(report=report).work_minutes == 50
    assert Appointment.objects.filter(tenant__slug="demo", target__external_id__contains="-").exists()
    for part in (
        "→ POST /api/connect/v1/inbound/targets",
        "⇐ visit_report.approved",
        "⇐ billing.event_ready",
    ):
        assert part in text
    assert "REFUSED" not in text
    assert f"/admin/story/{target_id}/" in text
    # Nothing is left that would fail from now on.
    assert not Subscription.objects.live().filter(tenant__slug="demo").exists()
    with pytest.raises(Refused, match="401"):
        play(Play(company.url, logins, "fio_live_nonsense", said.append, pace=0))
