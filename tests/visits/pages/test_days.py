"""The list of an employee's day."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from customers.models import Customer
from ordinavo.tenants.models import Tenant
from targets.visits.models import Employee
from tests.routes.rows import target
from tests.visits.pages.stops import begun, ended, known_target, local_noon, report, stop
from tests.visits.phones import phone
from tests.visits.rows import employee

pytestmark = pytest.mark.django_db

ANDROID = {"User-Agent": "Mozilla/5.0 (Linux; Android 14) Chrome/130 Mobile"}


def shown(mobile: Client, path: str = "/myday/", **headers: str) -> str:
    answer = mobile.get(path, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def test_stops_stand_in_their_order_with_what_matters(ada: Employee, mobile: Client) -> None:
    tenant = ada.tenant
    stop(ada, sequence=2, of=target(tenant, title="Second", status="Scheduled"))
    stop(ada, sequence=1, of=known_target(tenant, title="First", priority="Urgent"))
    page = shown(mobile)
    assert page.index("First") < page.index("Second")
    assert "2 stops, 2 to do" in page
    assert "Bäckerei Hollmann · Backstube" in page
    assert "Krayer Straße 214, 45307 Essen" in page
    assert "Urgent" in page
    assert page.count("High priority") == 0


def test_only_the_employees_own_stops_of_that_day_are_shown(ada: Employee, mobile: Client) -> None:
    ben = employee(ada.tenant, name="Ben Krüger")
    stop(ben, of=target(ada.tenant, title="Bens"))
    stop(ada, days=1, of=target(ada.tenant, title="Tomorrows"))
    page = shown(mobile)
    assert "Nothing is planned for you today." in page
    assert "Bens" not in page
    tomorrow = local_noon(ada, days=1).date().isoformat()
    assert "Tomorrows" in shown(mobile, f"/myday/days/{tomorrow}/")
    assert "Bens" not in shown(mobile, f"/myday/days/{tomorrow}/")


def test_what_is_late_says_by_how_much(ada: Employee, mobile: Client) -> None:
    now = timezone.now()
    late: dict[str, Any] = {"planned_start": now - timedelta(minutes=65, seconds=5), "planned_end": now}
    window: dict[str, Any] = {
        "time_window_start": now - timedelta(hours=3),
        "time_window_end": now - timedelta(minutes=1),
    }
    stop(ada, of=target(ada.tenant, status="Scheduled", **window), **late)
    page = shown(mobile)
    assert "1:05 h late" in page
    assert "Window is over" in page


def test_what_is_done_or_cancelled_is_never_late(ada: Employee, mobile: Client) -> None:
    past = timezone.now() - timedelta(hours=2)
    times: dict[str, Any] = {"planned_start": past, "planned_end": past + timedelta(hours=1)}
    ended(ada, **times)
    begun(ada, sequence=2, **times)
    stop(ada, sequence=3, status="Cancelled", **times)
    page = shown(mobile)
    assert " late<" not in page
    assert "Report is missing" in page
    assert "You are here" in page
    assert "Cancelled" in page


def test_a_change_since_publication_is_marked(ada: Employee, mobile: Client) -> None:
    stop(ada, of=target(ada.tenant, status="Scheduled", revision=5), target_revision=4)
    stop(ada, sequence=2)
    assert shown(mobile).count("Changed since it was planned") == 1


def test_what_is_owed_from_the_days_before_comes_first(ada: Employee, mobile: Client) -> None:
    rejected = ended(ada, days=-3, of=target(ada.tenant, title="Came back"))
    report(rejected, status="Rejected", result="Successful", rejection_reason="No photo.")
    ended(ada, days=-2, of=target(ada.tenant, title="Never written"))
    accepted = ended(ada, days=-1, of=target(ada.tenant, title="Accepted"))
    report(accepted, status="Approved", result="Successful")
    stop(ada, days=-1, of=target(ada.tenant, title="Never begun"))
    page = shown(mobile)
    assert "From the days before" in page
    assert page.index("Never written") < page.index("Came back")
    assert "Accepted" not in page
    assert "Never begun" not in page


def test_maps_open_as_the_phone_can(ada: Employee, mobile: Client) -> None:
    place: dict[str, Any] = {"latitude": 51.5, "longitude": 7.25}
    stop(ada, of=target(ada.tenant, status="Scheduled", street="Hof 1", city="Essen", **place))
    android = shown(mobile, **ANDROID)
    assert 'href="geo:51.500000,7.250000?q=51.500000,7.250000%28Hof%201,%20Essen%29"' in android
    iphone = shown(mobile, **{"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0)"})
    assert 'href="https://maps.apple.com/?daddr=51.500000,7.250000"' in iphone
    desktop = shown(mobile)
    at = "mlat=51.500000&amp;mlon=7.250000#map=17/51.500000/7.250000"
    assert f'href="https://www.openstreetmap.org/?{at}"' in desktop


def test_days_too_far_away_are_not_there(ada: Employee, mobile: Client) -> None:
    today = local_noon(ada).date()
    for days, status in ((-7, 200), (7, 200), (-8, 404), (8, 404)):
        path = f"/myday/days/{(today + timedelta(days=days)).isoformat()}/"
        assert mobile.get(path).status_code == status
    assert mobile.get("/myday/days/2026-13-45/").status_code == 404
    assert "The day after" not in shown(mobile, f"/myday/days/{(today + timedelta(days=7)).isoformat()}/")


def test_a_day_costs_three_queries_however_many_stops_it_has(
    ada: Employee, mobile: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Who it is, the stops, what is owed."""
    for number in range(9):
        one = stop(ada, sequence=number, of=known_target(ada.tenant))
        report(ended(ada, days=-1, sequence=number, of=one.target), status="Rejected", result="Successful")
    mobile.get("/myday/")
    with django_assert_num_queries(3):
        assert shown(mobile).count('class="card stop') == 18


def test_no_markup_of_senders_is_markup_here(ada: Employee, mobile: Client, tenant: Tenant) -> None:
    evil = "<script>alert(1)</script>"
    one = stop(ada, of=known_target(tenant, title=evil, description=evil, custom_fields={evil: evil}))
    Customer.objects.update(name=evil)
    for path in ("/myday/", f"/myday/stops/{one.pk}/"):
        assert evil not in shown(mobile, path)
    assert phone(ada).get("/myday/").status_code == 200
