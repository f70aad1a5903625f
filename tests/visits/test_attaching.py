"""Photos and files get to their report, once, and out again only through a view."""

import io
import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http import FileResponse
from django.test import Client, RequestFactory

from integrations.models import IntegrationClient
from ordinavo.kernel.errors import NotFound
from ordinavo.tenants.models import Tenant
from targets.visits.files import FileRefused, read_file
from targets.visits.models import Appointment, Attachment, VisitReport
from targets.visits.services.approving import approve_report, reject_report
from targets.visits.services.attaching import MOST_FILES, add_attachment, remove_attachment
from targets.visits.serving import attachment_response
from targets.visits.states import MoveRefused
from targets.visits.tasks import discard_lost_files
from tests import factories
from tests.visits import field
from tests.visits.pictures import SECRET, heic, pdf, picture
from tests.visits.rows import employee
from tests.webhooks import rows
from tests.webhooks.telling import told, types

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(tenant: Tenant) -> Appointment:
    """A visit that was started."""
    [one] = field.day_of(tenant)
    return field.start(one)


def attach(visit: Appointment, data: bytes | None = None, **given: Any) -> Attachment:
    """What the phone does with a photo."""
    data = picture() if data is None else data
    usual = {"employee": visit.employee, "key": field.key(), "name": "IMG_1.jpg", "size": len(data)}
    return add_attachment(**{**usual, "appointment_id": visit.pk, "content": io.BytesIO(data), **given})


def remove(visit: Appointment, row: Attachment, **given: Any) -> None:
    usual = {"employee": visit.employee, "appointment_id": visit.pk, "attachment_id": row.pk}
    remove_attachment(**{**usual, **given})


def kept() -> list[Path]:
    """All files that are kept."""
    return sorted(path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())


@pytest.fixture(autouse=True)
def _empty_folder() -> None:
    for path in kept():
        path.unlink()


def test_a_photo_opens_a_draft_and_is_kept_under_a_name_that_tells_nothing(
    erp: IntegrationClient, visit: Appointment
) -> None:
    rows.subscription(erp, "visit_report.*")
    row = attach(visit, name="../../Kim's kitchen.JPG")
    assert (row.name, row.kind, row.width, row.height) == ("Kim's kitchen.jpg", "image/jpeg", 48, 32)
    [path] = kept()
    assert path.stat().st_size == row.size
    assert SECRET.encode() not in path.read_bytes()
    assert "Kim" not in str(path)
    assert len(path.name) == 32
    assert path.stat().st_mode & 0o777 == 0o640
    report = VisitReport.objects.get()
    assert (report.status, report.version) == ("Draft", 0)
    assert types() == ["visit_report.created"]


def test_what_was_written_before_the_photo_came_is_not_in_its_way(visit: Appointment) -> None:
    attach(visit)
    report = field.draft(visit)
    assert (report.version, report.summary) == (1, "So far")
    attach(visit)
    assert field.submit(visit, version=1).version == 2


def test_a_photo_that_is_sent_again_is_kept_once(visit: Appointment) -> None:
    first = attach(visit, key="photo")
    assert attach(visit, key="photo") == first
    assert (Attachment.objects.count(), len(kept())) == (1, 1)
    with pytest.raises(MoveRefused, match="under the same key"):
        attach(visit, pdf(), key="photo")


def test_a_photo_that_was_taken_away_does_not_come_back(
    visit: Appointment, django_capture_on_commit_callbacks: Any
) -> None:
    row = attach(visit, key="photo")
    with django_capture_on_commit_callbacks(execute=True):
        remove(visit, row)
    assert (Attachment.objects.count(), kept()) == (0, [])
    with pytest.raises(MoveRefused, match="taken away since"):
        attach(visit, key="photo")
    assert kept() == []


def test_what_is_refused_is_not_kept_and_opens_nothing(visit: Appointment) -> None:
    for data in (b"<script>", heic(), picture()[:300], b""):
        with pytest.raises(FileRefused):
            attach(visit, data)
    with pytest.raises(FileRefused, match=r"has 50\.0 MB"):
        attach(visit, size=50_000_000)
    assert (VisitReport.objects.count(), kept()) == (0, [])


def test_no_more_than_twenty_files_fit(visit: Appointment) -> None:
    report = field.draft(visit)
    Attachment.objects.bulk_create(
        Attachment(report=report, key=str(number), kind="image/png", name="x.png", file=f"x{number}", size=1)
        for number in range(MOST_FILES - 1)
    )
    attach(visit)
    with pytest.raises(FileRefused, match="has 20 files already") as refused:
        attach(visit)
    assert (refused.value.code, len(kept())) == ("too_many_files", 1)


def test_photos_may_follow_a_report_until_it_is_decided(
    tenant: Tenant, erp: IntegrationClient, visit: Appointment
) -> None:
    report = field.problem(visit)
    row = attach(visit)
    with pytest.raises(MoveRefused, match="handed in already"):
        remove(visit, row)
    reject_report(tenant=tenant, report_id=report.pk, actor=None, reason="Which gate?")
    attach(visit)
    remove(visit, row)
    report.refresh_from_db()
    field.submit(visit, version=report.version)
    rows.subscription(erp, "visit_report.*")
    approve_report(tenant=tenant, report_id=report.pk, actor=None)
    [payload] = told("visit_report.approved")
    assert payload["visitReport"]["attachmentCount"] == 1
    for refused in (lambda: attach(visit), lambda: remove(visit, Attachment.objects.get())):
        with pytest.raises(MoveRefused, match="has been approved"):
            refused()


def test_nothing_is_attached_before_work_begins(tenant: Tenant) -> None:
    [waiting] = field.day_of(tenant)
    with pytest.raises(MoveRefused, match="Start it first"):
        attach(waiting)
    assert kept() == []


def test_files_of_others_are_not_found(tenant: Tenant, visit: Appointment) -> None:
    row = attach(visit)
    [other] = [field.start(one) for one in field.day_of(tenant)]
    theirs = attach(other)
    for who in (employee(tenant), employee(factories.tenant())):
        with pytest.raises(NotFound):
            attach(visit, employee=who)
        with pytest.raises(NotFound):
            remove(visit, row, employee=who)
    with pytest.raises(NotFound):
        remove(visit, theirs)
    assert Attachment.objects.count() == 2


def test_a_file_is_given_out_so_that_nothing_in_it_can_run(visit: Appointment) -> None:
    row = attach(visit, name='Küche "links".jpg')
    answer = attachment_response(row)
    body = b"".join(answer)
    _close(answer)
    assert body == kept()[0].read_bytes()
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"].startswith("inline; filename*=utf-8''K%C3%BCche")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"].startswith("private")
    saved = attachment_response(attach(visit, pdf(), name="plan.pdf"))
    assert saved["Content-Disposition"] == 'attachment; filename="plan.pdf"'
    _close(saved)
    kept()[0].unlink()
    kept()[0].unlink()
    with pytest.raises(NotFound, match="not there any more"):
        attachment_response(row)


def test_no_path_leads_to_a_file(client: Client, visit: Appointment) -> None:
    row = attach(visit)
    for path in (f"/{row.file.name}", f"/media/{row.file.name}", f"/static/{row.file.name}"):
        assert client.get(path).status_code == 404


def test_files_that_a_crash_left_behind_are_found_and_others_stay(visit: Appointment) -> None:
    row, lost = attach(visit), attach(visit)
    young = attach(visit)
    Attachment.objects.filter(pk__in=[lost.pk, young.pk]).delete()
    for one in (row, lost):
        os.utime(one.file.path, (1, 1))
    assert discard_lost_files() == 1
    assert {path.name for path in kept()} == {Path(one.file.name or "").name for one in (row, young)}


def test_of_an_upload_no_more_is_kept_than_may_be() -> None:
    assert uploaded(b"\xff\xd8\xff" + b"\0" * 12_000_000) == (12_000_003, 10_000_001)
    assert uploaded(b"x" * 9_999_999) == (9_999_999, 9_999_999)
    assert uploaded(b"x") == (1, 1)


def test_of_a_request_no_more_is_kept_than_five_such_files() -> None:
    big = b"\0" * 9_000_000
    *kept, last = uploads(*[big] * 6)
    assert (kept, last) == ([(9_000_000, 9_000_000)] * 5, (9_000_000, 5_000_000))
    with pytest.raises(FileRefused, match="too much at once") as refused:
        read_file(io.BytesIO(b"\0" * last[1]), last[0])
    assert refused.value.code == "too_much_at_once"


def uploaded(data: bytes) -> tuple[int | None, int]:
    """The size of a file as the server is told, and how much of it is kept."""
    [one] = uploads(data)
    return one


def uploads(*files: bytes) -> list[tuple[int, int]]:
    """The same of files that are sent together."""
    request = RequestFactory().post("/", {"photos": [io.BytesIO(data) for data in files], "note": "x"})
    sizes = []
    for sent in request.FILES.getlist("photos"):
        with sent:
            sizes.append((sent.size or 0, len(sent.read())))
    assert request.POST["note"] == "x"
    return sizes


def _close(answer: FileResponse) -> None:
    """Close the file; closing the answer would end the test's connection to the database."""
    assert answer.file_to_stream is not None
    answer.file_to_stream.close()
