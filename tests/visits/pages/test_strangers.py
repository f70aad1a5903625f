"""Ids of another employee, another tenant or another day lead nowhere, in each path that takes one."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern

from ordinavo.tenants.models import Tenant
from targets.visits.models import Appointment, Attachment, Employee
from targets.visits.pages import urls
from tests import factories
from tests.routes.rows import target
from tests.visits.pages.stops import begun, report, stop
from tests.visits.phones import phone
from tests.visits.rows import employee

pytestmark = pytest.mark.django_db

SENT = {"key": "k", "problem": "other", "text": "x", "result": "Successful", "send": "yes"}
OPEN = {"login/", "logout/", "invitation/", "sw.js", "manifest.webmanifest"}


def paths_with_ids() -> list[str]:
    return [str(one.pattern) for one in urls.urlpatterns if "<int:" in str(one.pattern)]


def with_file(one: Appointment) -> Attachment:
    kept = report(one, summary="Not yours")
    return Attachment.objects.create(report=kept, key="k", kind="image/jpeg", name="a.jpg", file="a", size=1)


def filled(path: str, row: Attachment) -> str:
    return "/myday/" + path.replace("<int:pk>", str(row.report.appointment_id)).replace(
        "<int:file_id>", str(row.pk)
    )


def unchanged(row: Attachment) -> tuple[Any, ...]:
    now = Attachment.objects.select_related("report__appointment").get(pk=row.pk)
    return now.report.status, now.report.version, now.report.appointment.status


def test_every_path_is_walked_here_or_names_nobodys_thing() -> None:
    assert len(paths_with_ids()) == 9
    without = {str(one.pattern): set(one.pattern.converters) for one in urls.urlpatterns}
    others = {path: named for path, named in without.items() if path not in {*paths_with_ids(), *OPEN}}
    assert others == {
        "": set(),
        "account/": set(),
        "unsent/": set(),
        "token/": set(),
        "days/<day:day>/": {"day"},
    }


@pytest.mark.parametrize("path", paths_with_ids())
def test_stops_of_others_are_not_there(ada: Employee, mobile: Client, path: str) -> None:
    elsewhere: Tenant = factories.tenant()
    for other in (employee(ada.tenant, name="Ben"), employee(elsewhere, name="Cem")):
        row = with_file(begun(other))
        before = unchanged(row)
        for send in (mobile.get, mobile.post):
            answer = send(filled(path, row), SENT)
            assert answer.status_code in {404, 405}
            assert b"Not yours" not in answer.content
        assert unchanged(row) == before


# Files of an own draft may be seen and taken away on any day.
@pytest.mark.parametrize(
    "path", [path for path in paths_with_ids() if path.count("/") > 2 and "file_id" not in path]
)
def test_stops_of_another_day_are_not_worked_on(ada: Employee, mobile: Client, path: str) -> None:
    tomorrow = stop(ada, days=1)
    row = with_file(tomorrow)
    assert mobile.post(filled(path, row), SENT).status_code == 404
    assert unchanged(row) == ("Draft", 1, "Scheduled")


@pytest.mark.parametrize("path", paths_with_ids())
@pytest.mark.parametrize("days", [8, -63])
def test_stops_of_days_that_are_too_far_away_are_not_there(
    ada: Employee, mobile: Client, path: str, days: int
) -> None:
    row = with_file(begun(ada, days=days))
    before = unchanged(row)
    for send in (mobile.get, mobile.post):
        answer = send(filled(path, row), SENT)
        assert answer.status_code in {404, 405}
        assert b"Not yours" not in answer.content
    assert unchanged(row) == before


def test_a_day_shows_nothing_of_what_others_do_then(ada: Employee, mobile: Client) -> None:
    mine = stop(ada, days=1)
    for other in (employee(ada.tenant), employee(factories.tenant())):
        stop(other, days=1, of=target(other.tenant, title="Not yours"))
    page = mobile.get(f"/myday/days/{mine.day}/").content.decode()
    assert (page.count('class="card stop'), "Not yours" in page) == (1, False)
    for day in ("2026-02-30", str(mine.day + timedelta(days=8)), "0001-01-01", "9999-12-31"):
        assert mobile.get(f"/myday/days/{day}/").status_code == 404


@pytest.mark.parametrize("path", [path for path in paths_with_ids() if "file_id" in path])
def test_a_file_of_another_stop_is_not_there(ada: Employee, mobile: Client, path: str) -> None:
    mine, other = with_file(begun(ada)), with_file(begun(employee(ada.tenant)))
    stop_id, file_id = str(mine.report.appointment_id), str(other.pk)
    swapped = "/myday/" + path.replace("<int:pk>", stop_id).replace("<int:file_id>", file_id)
    assert {mobile.get(swapped).status_code, mobile.post(swapped).status_code} <= {404, 405}
    assert Attachment.objects.count() == 2


@pytest.mark.parametrize("one", urls.urlpatterns, ids=lambda one: str(one.pattern))
def test_nobody_gets_in_without_a_log_in(ada: Employee, one: URLPattern) -> None:
    path = str(one.pattern)
    if path in OPEN:
        return
    row = with_file(begun(ada))
    address = filled(path.replace("<day:day>", "2026-11-24"), row)
    stranger = Client()
    codes = {stranger.get(address).status_code, stranger.post(address, SENT).status_code}
    assert codes <= {302, 405}
    for answer in (stranger.get(address), stranger.post(address, SENT)):
        if answer.status_code == 302:
            assert answer.headers["Location"].startswith("/myday/login/")
    assert unchanged(row) == ("Draft", 1, "Started")


def test_numbers_that_no_stop_can_have_are_not_there(ada: Employee, mobile: Client) -> None:
    assert mobile.get(f"/myday/stops/{10**30}/").status_code == 404
    assert mobile.post(f"/myday/stops/{10**30}/start/", SENT).status_code == 404


def test_an_employee_who_left_is_out(ada: Employee) -> None:
    mobile = phone(ada)
    ada.active = False
    ada.save()
    assert mobile.get("/myday/").headers["Location"].startswith("/myday/login/")
