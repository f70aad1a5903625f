"""Photos and files of reports reach only staff of the tenant, with headers that let nothing run."""

import io
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image

from ordinavo.tenants.models import Role, Tenant
from targets.visits.models import Attachment, VisitReport
from tests import factories
from tests.admin.conftest import LogIn
from tests.admin.outcomes import page, text_of
from tests.visits.deciding import handed_in


@pytest.fixture
def report(tenant: Tenant) -> VisitReport:
    return handed_in(tenant)


def attached(report: VisitReport, kind: str, content: bytes, name: str) -> Attachment:
    return Attachment.objects.create(
        report=report, key=name, kind=kind, name=name, size=len(content), file=ContentFile(content, name)
    )


def picture(kind: str = "JPEG", size: tuple[int, int] = (1600, 1200)) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, "navy").save(written, kind)
    return written.getvalue()


def body_of(answer: Any) -> bytes:
    return b"".join(answer)


@pytest.fixture
def photo(report: VisitReport) -> Attachment:
    return attached(report, "image/jpeg", picture(), "photo.jpg")


def test_a_photo_is_shown_as_it_came(log_in: LogIn, report: VisitReport, photo: Attachment) -> None:
    answer = log_in(Role.SUPPORT).get(page(report, "file", photo.pk))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    assert answer.headers["Content-Disposition"] == 'inline; filename="photo.jpg"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"].startswith("private")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert body_of(answer) == picture()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_thumbnail_is_small_and_guarded_alike(log_in: LogIn, report: VisitReport, kind: str) -> None:
    photo = attached(report, f"image/{kind.lower()}", picture(kind), f"a.{kind.lower()}")
    answer = log_in(Role.MANAGER).get(page(report, "small", photo.pk))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"].startswith("private")
    with Image.open(io.BytesIO(answer.content)) as small:
        assert (small.format, max(small.size)) == ("JPEG", 360)


def test_other_files_are_saved_and_have_no_thumbnail(log_in: LogIn, report: VisitReport) -> None:
    file = attached(report, "application/pdf", b"%PDF-1.4", "list.pdf")
    browser = log_in(Role.MANAGER)
    answer = browser.get(page(report, "file", file.pk))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="list.pdf"'
    body_of(answer)
    assert browser.get(page(report, "small", file.pk)).status_code == 404
    assert page(report, "file", file.pk) in text_of(browser, page(report))


def test_what_cannot_be_read_any_more_is_not_found(log_in: LogIn, report: VisitReport) -> None:
    browser = log_in(Role.MANAGER)
    broken = attached(report, "image/jpeg", b"\xff\xd8 broken", "broken.jpg")
    assert browser.get(page(report, "small", broken.pk)).status_code == 404
    gone = Attachment.objects.create(report=report, key="g", kind="image/jpeg", name="g", file="g", size=1)
    for name in ("file", "small"):
        assert browser.get(page(report, name, gone.pk)).status_code == 404


def test_files_of_others_and_of_other_reports_are_not_found(
    log_in: LogIn, tenant: Tenant, report: VisitReport, photo: Attachment, operator: Client
) -> None:
    theirs = handed_in(factories.tenant())
    secret = attached(theirs, "image/jpeg", picture(), "theirs.jpg")
    other = handed_in(tenant)
    for browser in (log_in(Role.ADMIN), operator):
        for name in ("file", "small"):
            assert browser.get(page(theirs, name, secret.pk)).status_code == 404
            assert browser.get(page(report, name, secret.pk)).status_code == 404
            assert browser.get(page(other, name, photo.pk)).status_code == 404
            assert browser.get(page(report, name, 2**62)).status_code == 404


def test_nobody_sees_files_without_a_login_or_as_an_employee(
    log_in: LogIn, report: VisitReport, photo: Attachment
) -> None:
    for browser in (Client(), log_in(Role.EMPLOYEE)):
        answer = browser.get(page(report, "file", photo.pk))
        assert answer.status_code == 302
        assert "/login/" in answer.headers["Location"]
