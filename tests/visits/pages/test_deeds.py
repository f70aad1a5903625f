"""What employees do by tapping: each counts once, refusals are sentences, words for scripts are JSON."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from targets.visits.models import Appointment, Employee, VisitReport
from targets.visits.pages.stop_forms import moment
from tests.visits.pages.stops import begun, known_target, stop

pytestmark = pytest.mark.django_db

JSON = {"Accept": "application/json"}


def post(mobile: Client, one: Appointment, path: str, headers: Any = None, **sent: Any) -> Any:
    return mobile.post(f"/myday/stops/{one.pk}/{path}/", sent, headers=headers)


def status(one: Appointment) -> str:
    return Appointment.objects.get(pk=one.pk).status


def test_started_completed_and_back_on_the_page(ada: Employee, mobile: Client) -> None:
    one = stop(ada)
    for path, now in (("start", "Started"), ("complete", "Completed")):
        answer = post(mobile, one, path, key=f"key-{path}")
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/myday/stops/{one.pk}/")
        assert status(one) == now


def test_the_phones_clock_is_kept_beside_ours(ada: Employee, mobile: Client) -> None:
    one = stop(ada)
    at = timezone.now() - timedelta(minutes=3)
    post(mobile, one, "start", key="k", at=at.isoformat())
    one.refresh_from_db()
    assert one.started_at == at
    assert one.start_heard_at is not None
    assert one.start_heard_at > at


@pytest.mark.parametrize(
    "said",
    [
        "",
        "soon",
        "2026-11-24T10:00:00",
        "9999-12-31T23:59:59+00:00",
        # No instant of the calendar, in UTC or where the employee is.
        "9999-12-31T23:59:59-23:59",
        "0001-01-01T00:00:00+23:59",
        "0001-01-01T00:00:00+00:00",
    ],
)
def test_a_clock_that_says_nonsense_means_now(said: str) -> None:
    assert abs(moment(said) - timezone.now()) < timedelta(seconds=5)


def test_a_key_that_comes_twice_counts_once_and_is_answered_alike(ada: Employee, mobile: Client) -> None:
    one = stop(ada)
    first = post(mobile, one, "start", JSON, key="k")
    second = post(mobile, one, "start", JSON, key="k")
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json() == {"next": f"/myday/stops/{one.pk}/"}


def test_what_another_phone_did_already_is_refused_with_a_sentence(ada: Employee, mobile: Client) -> None:
    one = begun(ada)
    told = post(mobile, one, "start", JSON, key="k")
    assert told.status_code == 409
    assert told.json() == {
        "code": "appointment_started",
        "message": "This visit has been started already.",
    }
    page = post(mobile, one, "start", key="k2")
    assert page.status_code == 409
    assert "This visit has been started already." in page.content.decode()


def test_a_problem_ends_the_stop_and_hands_the_report_in(ada: Employee, mobile: Client) -> None:
    one = stop(ada)
    answer = post(mobile, one, "problem", key="k", problem="no_access", text="The gate is locked.")
    assert answer.status_code == 302
    told = VisitReport.objects.get(appointment=one)
    assert (told.status, told.problem, told.problems) == ("Submitted", "no_access", "The gate is locked.")
    assert status(one) == "ProblemReported"


def test_a_problem_without_a_kind_keeps_what_was_typed(ada: Employee, mobile: Client) -> None:
    one = stop(ada, of=known_target(ada.tenant))
    page = post(mobile, one, "problem", key="k", text="The gate is locked.")
    assert page.status_code == 422
    text = page.content.decode()
    assert "Not saved. Please look at the fields that are marked." in text
    assert 'id="problem_problem_error"' in text
    assert "The gate is locked.</textarea>" in text
    assert status(one) == "Scheduled"
    told = post(mobile, one, "problem", JSON, key="k", text="The gate is locked.")
    assert set(told.json()["fields"]) == {"problem"}


def test_nobody_there_is_one_form_and_no_words(ada: Employee, mobile: Client) -> None:
    one = stop(ada)
    assert post(mobile, one, "absent", key="k").status_code == 302
    told = VisitReport.objects.get(appointment=one)
    assert (told.problem, told.result, told.is_billable) == ("customer_absent", "CustomerAbsent", False)


def test_what_was_done_yesterday_without_a_line_still_counts(ada: Employee, mobile: Client) -> None:
    one = stop(ada, days=-1)
    late = (one.planned_start + timedelta(minutes=2)).isoformat()
    assert post(mobile, one, "start", key="k").status_code == 404
    assert post(mobile, one, "start", key="k", at=late).status_code == 302
    assert post(mobile, one, "complete", key="k2", at=late).status_code == 302
    assert status(one) == "Completed"


def test_each_form_of_a_page_has_a_key_of_its_own(ada: Employee, mobile: Client) -> None:
    page = mobile.get(f"/myday/stops/{stop(ada).pk}/").content.decode()
    keys = [part.split('"')[0] for part in page.split('name="key" value="')[1:]]
    assert len(keys) == len(set(keys)) == 5
    assert all(len(key) == 32 for key in keys)


def test_only_forms_with_a_token_are_taken(ada: Employee, mobile: Client) -> None:
    one = stop(ada)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = mobile.cookies
    assert strict.post(f"/myday/stops/{one.pk}/start/", {"key": "k"}).status_code == 403
    assert status(one) == "Scheduled"
    token = strict.get("/myday/token/").json()
    assert token["employee"] == ada.pk
    sent = {"key": "k", "csrfmiddlewaretoken": token["token"]}
    assert strict.post(f"/myday/stops/{one.pk}/start/", sent).status_code == 302
