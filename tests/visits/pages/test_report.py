"""Writing a visit report, with photos, on one phone and on two."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from targets.visits.models import Appointment, Attachment, Employee, VisitReport
from tests.visits.pages.stops import begun, ended, report, stop

pytestmark = pytest.mark.django_db

JSON = {"Accept": "application/json"}
FILLED = {"result": "Successful", "summary": "Filter changed.", "is_billable": "on"}


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def post(mobile: Client, one: Appointment, headers: Any = None, **sent: Any) -> Any:
    return mobile.post(f"/myday/stops/{one.pk}/report/", sent, headers=headers)


def stored(one: Appointment) -> VisitReport:
    return VisitReport.objects.get(appointment=one)


def photo(name: str = "plate.jpg") -> SimpleUploadedFile:
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(drawn, "JPEG")
    return SimpleUploadedFile(name, drawn.getvalue(), "image/jpeg")


def test_a_draft_may_hold_little_and_is_there_again(ada: Employee, mobile: Client) -> None:
    one = begun(ada)
    answer = post(mobile, one, key="k", summary="So far", version="")
    assert answer.headers["Location"] == f"/myday/stops/{one.pk}/#report"
    assert (stored(one).status, stored(one).summary, stored(one).version) == ("Draft", "So far", 1)
    page = mobile.get(f"/myday/stops/{one.pk}/").content.decode()
    assert "So far</textarea>" in page
    assert 'name="version" value="1"' in page


def test_a_report_that_is_sent_completes_the_stop_and_counts_its_minutes(
    ada: Employee, mobile: Client
) -> None:
    one = begun(ada, minutes=25)
    told = post(mobile, one, JSON, key="k", send="yes", version="", **FILLED)
    assert told.json() == {"next": f"/myday/stops/{one.pk}/", "version": 1}
    assert (stored(one).status, stored(one).used_minutes, stored(one).is_billable) == (
        "Submitted",
        None,
        True,
    )
    assert Appointment.objects.get(pk=one.pk).status == "Completed"
    page = mobile.get(f"/myday/stops/{one.pk}/").content.decode()
    # The 26th has begun, as the office and the bill count it.
    assert "<dt>Minutes worked</dt><dd>26</dd>" in page
    assert "Sent on" in page


def test_minutes_of_a_stop_that_is_over_are_filled_in_to_be_corrected(ada: Employee, mobile: Client) -> None:
    one = ended(ada)
    assert 'name="used_minutes" value="40"' in mobile.get(f"/myday/stops/{one.pk}/").content.decode()
    post(mobile, one, key="k", send="yes", used_minutes="35", **FILLED)
    assert stored(one).used_minutes == 35


@pytest.mark.parametrize("at", ["", "now", "2026-01-01T00:00:00+00:00"])
def test_a_report_sent_twice_is_one_report_and_one_answer(ada: Employee, mobile: Client, at: str) -> None:
    one = begun(ada)
    said = timezone.now().isoformat() if at == "now" else at
    sent = {"key": "k", "send": "yes", "at": said, **FILLED}
    first, second = (post(mobile, one, JSON, **sent) for _ in range(2))
    assert first.json() == second.json()
    assert (VisitReport.objects.count(), stored(one).version) == (1, 1)


def test_without_a_result_it_is_not_sent_and_nothing_typed_is_lost(ada: Employee, mobile: Client) -> None:
    one = begun(ada)
    page = post(mobile, one, key="k", send="yes", summary="Typed on the stairs.")
    assert page.status_code == 422
    text = page.content.decode()
    assert "Say how it went." in text
    assert "Typed on the stairs.</textarea>" in text
    assert not VisitReport.objects.exists()


def test_bad_values_name_their_field(ada: Employee, mobile: Client) -> None:
    one = begun(ada)
    bad = {"used_minutes": "9999", "follow_up_required": "on", "follow_up_date": "1001-01-01", **FILLED}
    told = post(mobile, one, JSON, key="k", send="yes", **bad)
    assert told.status_code == 422
    assert set(told.json()["fields"]) == {"used_minutes"}
    told = post(mobile, one, JSON, key="k", send="yes", **{**bad, "used_minutes": "5"})
    assert told.json()["fields"] == {"follow_up_date": ["Give a day of this century."]}
    assert not VisitReport.objects.exists()


def test_two_phones_never_overwrite_each_other_unseen(ada: Employee, mobile: Client) -> None:
    one = begun(ada)
    post(mobile, one, key="first", summary="From the first phone", version="")
    page = post(mobile, one, key="second", summary="From the second phone", version="")
    assert page.status_code == 409
    text = page.content.decode()
    assert "The report was changed on another phone meanwhile." in text
    assert "<dd>From the first phone</dd>" in text
    assert "From the second phone</textarea>" in text
    assert stored(one).summary == "From the first phone"
    # The form that was shown holds what is stored now, under a new key: saving it is meant so.
    assert 'name="key" value="second"' not in text
    assert 'name="version" value="1"' in text
    assert post(mobile, one, key="third", summary="Both", version="1").status_code == 302
    assert stored(one).summary == "Both"


def test_photos_come_with_the_form_where_there_is_no_script(ada: Employee, mobile: Client) -> None:
    one = begun(ada)
    sent = {"key": "k", "summary": "x", "version": ""}
    post(mobile, one, **sent, files=[photo(), photo("a/../b.jpg")])
    assert sorted(Attachment.objects.values_list("name", flat=True)) == ["b.jpg", "plate.jpg"]
    post(mobile, one, **sent, files=[photo(), photo("b.jpg")])
    assert Attachment.objects.count() == 2
    page = mobile.get(f"/myday/stops/{one.pk}/").content.decode()
    assert "plate.jpg" in page


def test_photos_of_a_problem_follow_its_report(ada: Employee, mobile: Client) -> None:
    one = stop(ada)
    sent = {"key": "k", "problem": "no_access", "text": "The gate is locked.", "files": photo()}
    assert mobile.post(f"/myday/stops/{one.pk}/problem/", sent).status_code == 302
    assert (stored(one).status, stored(one).attachments.count()) == ("Submitted", 1)


def test_a_file_that_lies_is_named_and_the_report_counts_all_the_same(ada: Employee, mobile: Client) -> None:
    one = begun(ada)
    lie = SimpleUploadedFile("photo.jpg", b"MZ not a photo", "image/jpeg")
    page = mobile.post(
        f"/myday/stops/{one.pk}/report/", {"key": "k", "send": "yes", "files": lie, **FILLED}, follow=True
    )
    assert "The file photo.jpg was not added: Only photos (JPEG, PNG, WebP) and PDF" in page.content.decode()
    assert stored(one).status == "Submitted"
    assert not Attachment.objects.exists()


def test_a_script_sends_photos_one_by_one_and_hears_why_one_is_refused(ada: Employee, mobile: Client) -> None:
    one = begun(ada)
    path = f"/myday/stops/{one.pk}/files/"
    for _ in range(2):
        assert mobile.post(path, {"key": "p1", "files": photo()}, headers=JSON).status_code == 200
    assert Attachment.objects.count() == 1
    lie = SimpleUploadedFile("photo.jpg", b"", "image/jpeg")
    told = mobile.post(path, {"key": "p2", "files": lie}, headers=JSON)
    assert (told.status_code, told.json()["message"]) == (422, "The file is empty.")


def test_a_file_is_shown_to_its_employee_and_taken_away_again(ada: Employee, mobile: Client) -> None:
    one = begun(ada)
    mobile.post(f"/myday/stops/{one.pk}/files/", {"key": "p1", "files": photo()})
    row = Attachment.objects.get()
    path = f"/myday/stops/{one.pk}/files/{row.pk}/"
    answer = mobile.get(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.getvalue().startswith(b"\xff\xd8\xff")
    assert mobile.post(f"{path}remove/").status_code == 302
    assert not Attachment.objects.exists()


def test_what_was_sent_is_read_only(ada: Employee, mobile: Client) -> None:
    one = ended(ada)
    report(one, status="Submitted", result="Successful", summary="Sent")
    told = post(mobile, one, JSON, key="k", version="1", **FILLED)
    assert (told.status_code, told.json()["code"]) == (409, "report_submitted")
    assert stored(one).summary == "Sent"
    assert 'id="report"' in mobile.get(f"/myday/stops/{one.pk}/").content.decode()
