"""The page of one stop: what it tells, and what it keeps to itself."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from ordinavo.tenants.models import Role
from ordinavo.tenants.services.members import add_member
from targets.models import Target, TargetTemplate
from targets.visits.models import Appointment, Employee
from tests.routes.rows import target
from tests.visits.pages.stops import begun, ended, known_target, report, stop
from tests.visits.rows import employee

pytestmark = pytest.mark.django_db


def shown(mobile: Client, one: Appointment) -> str:
    answer = mobile.get(f"/myday/stops/{one.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_tells_where_whom_and_what(ada: Employee, mobile: Client) -> None:
    template = TargetTemplate.objects.create(
        tenant=ada.tenant, key="maintenance", name="Maintenance", description="By the checklist."
    )
    page = shown(mobile, stop(ada, of=known_target(ada.tenant, template=template)))
    for text in (
        "Bäckerei Hollmann · Backstube",
        "Krayer Straße 214, 45307 Essen",
        "Ring twice.",
        "In the yard.",
        "Sabine Hollmann",
        'href="tel:+492015550118"',
        'href="mailto:sabine@hollmann.example"',
        'href="tel:02015550117"',
        "Maintenance",
        "By the checklist.",
        "Change the filter.",
        "<dt>Gate Code</dt><dd>4711</dd>",
        "<dt>Key At Porter</dt><dd>Yes</dd>",
    ):
        assert text in page, text
    assert "Nothing" not in page


def test_prices_colleagues_doubts_and_internal_notes_are_in_no_answer(ada: Employee, mobile: Client) -> None:
    boss = add_member(tenant=ada.tenant, email="boss@x.example", role=Role.MANAGER, first_name="Bossy").user
    one = ended(ada, of=known_target(ada.tenant))
    told = {"result": "NotSuccessful", "rejection_reason": "Say more.", "internal_notes": "SECRET-NOTE"}
    report(one, status="Rejected", decided_by=boss, **told)
    before = ended(employee(ada.tenant, name="Ben Krüger"), days=-3, of=known_target(ada.tenant))
    Target.objects.filter(pk=before.target_id).update(location=one.target.location)
    report(before, status="Approved", result="Successful", summary="Seal is worn.", internal_notes="SECRET-2")

    stop_path = f"/myday/stops/{one.pk}/"
    pages = ["/myday/", f"/myday/days/{one.day}/", stop_path, "/myday/account/", "/myday/unsent/"]
    answers = [mobile.get(path) for path in (*pages, "/myday/token/")]
    for kind in ("text/html", "application/json"):
        sent: Any = {"data": {"version": "7"}, "headers": {"Accept": kind}}
        answers += [mobile.post(stop_path + path, **sent) for path in ("start/", "report/", "problem/")]

    assert "Seal is worn." in answers[2].content.decode()
    for answer in answers:
        said = answer.content.decode()
        for secret in ("9876", "SECRET", "87.1", "ambiguous", "NeedsReview", "Ben Krüger", "Bossy", "boss@"):
            assert secret not in said


def test_earlier_visits_are_those_of_the_place_without_anybodys_name(ada: Employee, mobile: Client) -> None:
    wanted = known_target(ada.tenant)
    same: dict[str, Any] = {"customer": wanted.customer, "location": wanted.location}
    ben = employee(ada.tenant, name="Ben Krüger")
    before = ended(ben, days=-20, of=target(ada.tenant, title="Filter", **same))
    report(before, status="Approved", result="PartlySuccessful", summary="Seal is worn.")
    drafted = ended(ben, days=-10, of=target(ada.tenant, **same))
    report(drafted, summary="Not yet said")
    elsewhere = ended(ben, days=-9, of=target(ada.tenant, customer=wanted.customer))
    report(elsewhere, status="Approved", result="Successful", summary="Other place")
    page = shown(mobile, stop(ada, of=wanted))
    assert "Earlier visits (1)" in page
    assert "Seal is worn." in page
    assert "Partly done" in page
    for other in ("Ben Krüger", "Not yet said", "Other place"):
        assert other not in page


def test_a_customer_without_ids_is_shown_as_it_was_sent(ada: Employee, mobile: Client) -> None:
    sent = {"name": "Kiosk Adler", "contactName": "Tina Adler", "phone": "0203 1"}
    page = shown(mobile, stop(ada, of=target(ada.tenant, status="Scheduled", customer_text=sent)))
    assert "Kiosk Adler" in page
    assert "Tina Adler" in page
    assert 'href="tel:02031"' in page


def test_a_cancelled_stop_says_so_and_offers_nothing_to_do(ada: Employee, mobile: Client) -> None:
    page = shown(mobile, stop(ada, status="Cancelled", cancelled_because="target_cancelled"))
    assert "This stop was cancelled by the customer's office." in page
    assert 'class="deeds" data-for="Scheduled" hidden' in page


def test_a_report_that_came_back_shows_why_and_can_be_written(ada: Employee, mobile: Client) -> None:
    one = ended(ada, days=-12)
    report(one, status="Rejected", result="Successful", summary="Done.", rejection_reason="No photo.")
    page = shown(mobile, one)
    assert page.index("No photo.") < page.index('id="report"')
    assert "Done.</textarea>" in page


def test_other_days_are_there_to_be_read(ada: Employee, mobile: Client) -> None:
    tomorrow = stop(ada, days=1)
    page = shown(mobile, tomorrow)
    assert 'class="deeds" data-for="Scheduled" hidden' in page
    for path in ("start/", "absent/", "problem/", "complete/", "report/", "files/"):
        answer = mobile.post(
            f"/myday/stops/{tomorrow.pk}/{path}", {"key": "k", "problem": "other", "text": "x"}
        )
        assert answer.status_code == 404
    tomorrow.refresh_from_db()
    assert tomorrow.status == "Scheduled"


@pytest.mark.parametrize("days", [-8, 8])
def test_a_day_too_far_away_is_not_there(ada: Employee, mobile: Client, days: int) -> None:
    far = stop(ada, days=days, status="Cancelled")
    assert mobile.get(f"/myday/stops/{far.pk}/").status_code == 404


def test_a_stop_costs_four_queries(
    ada: Employee, mobile: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Who it is, the stop with its report, the files of the report, the earlier visits."""
    one = begun(ada, of=known_target(ada.tenant))
    report(one, summary="So far")
    mobile.get("/myday/")
    with django_assert_num_queries(4):
        shown(mobile, one)
    assert Target.objects.count() == 1
