"""The page of a suggestion: watched while it is planned, understood when it is there, cheap at any size."""

import json
import re
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ordinavo.tenants.models import Role, Tenant
from targets.routes.models import Exclusion, Route, RouteSuggestion, Stop
from targets.routes.solving.work import work_suggestion
from targets.visits.models import Absence, Appointment, Employee, WorkingHours
from tests.admin.conftest import LogIn
from tests.admin.days import LIST, change, draft, page, shown
from tests.admin.world import path_of
from tests.routes import rows
from tests.visits.rows import DAY, appointment, employee

MOST_STATEMENTS = 16


@pytest.fixture
def dispatcher(log_in: LogIn) -> Client:
    return log_in(Role.DISPATCHER)


def statements(browser: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(path).status_code == 200
    return len(captured)


def ground(text: str) -> dict[str, Any]:
    found = re.search(r'<script id="routes-ground"[^>]*>(.*?)</script>', text, re.DOTALL)
    assert found
    drawn: dict[str, Any] = json.loads(found[1])
    return drawn


def test_the_page_renews_itself_until_there_is_an_answer(tenant: Tenant, dispatcher: Client) -> None:
    employee(tenant)
    suggestion = rows.asked(tenant, rows.targets(tenant, 2))
    before = shown(dispatcher, suggestion)
    live = dispatcher.get(page(suggestion, "live"))

    work_suggestion(suggestion.pk)
    ended = dispatcher.get(page(suggestion, "live"))
    after = shown(dispatcher, suggestion)

    assert 'hx-trigger="every 1s"' in before
    assert "Totals" not in before
    assert "HX-Refresh" not in live.headers
    assert ended.headers["HX-Refresh"] == "true"
    assert 'hx-trigger="every 1s"' not in after
    assert "Totals" in after


def test_waiting_for_a_worker_that_does_not_come_is_said(tenant: Tenant, dispatcher: Client) -> None:
    suggestion = rows.asked(tenant, rows.targets(tenant, 1))
    assert "No worker has taken it up yet" not in shown(dispatcher, suggestion)

    RouteSuggestion.objects.update(rung_at=timezone.now() - timedelta(minutes=1))

    assert "No worker has taken it up yet" in shown(dispatcher, suggestion)


def test_a_failed_suggestion_says_why_and_shows_no_routes(tenant: Tenant, dispatcher: Client) -> None:
    suggestion = rows.asked(tenant, rows.targets(tenant, 1))
    RouteSuggestion.objects.update(status="Failed", failure="It was too much.")

    text = shown(dispatcher, suggestion)

    assert "It was too much." in text
    assert "Totals" not in text


def test_a_draft_shows_people_stops_totals_and_what_was_left_out(tenant: Tenant, dispatcher: Client) -> None:
    person = employee(tenant, name="Anna Weber")
    far = rows.target(tenant, title="No place", latitude=None, longitude=None)
    suggestion = rows.drafted(tenant, [*rows.targets(tenant, 3), far])

    text = shown(dispatcher, suggestion)

    assert text.count(f'href="/admin/visits/employee/{person.pk}/change/"') == 1
    for stop in rows.stops_of(suggestion):
        assert f'id="target-{stop.target_id}"' in text
        assert f'href="/admin/targets/target/{stop.target_id}/change/"' in text
    assert "3 stops" in text
    assert "Missing coordinates" in text
    assert Exclusion.objects.get().message in text
    assert "No place" in text


def test_bars_show_driving_work_windows_breaks_and_what_was_published_before(
    tenant: Tenant, dispatcher: Client
) -> None:
    person = employee(tenant)
    WorkingHours.objects.update(break_minutes=30, break_from=time(11), break_until=time(14))
    begin = datetime(2026, 7, 1, 12, tzinfo=UTC)
    rows.published(rows.drafted(tenant, [rows.target(tenant)]))
    windowed = rows.target(tenant, time_window_start=begin, time_window_end=begin.replace(hour=13))
    suggestion = rows.drafted(tenant, [windowed])

    text = shown(dispatcher, suggestion)

    for kind in ("shift", "window", "driving", "work", "break", "other"):
        assert f'class="ord-bar ord-bar-{kind}"' in text, kind
    assert "Published before, and kept free" in text
    assert f'href="/admin/visits/appointment/{Appointment.objects.get().pk}/change/"' in text
    assert f'aria-label="{person}, ' in text


def test_what_is_broken_is_marked_on_route_stop_bar_and_map(tenant: Tenant, dispatcher: Client) -> None:
    suggestion = draft(tenant, people=1)
    Route.objects.update(violations=[{"code": "shift_exceeded", "message": "Ends too late."}])
    stop = rows.stops_of(suggestion)[0]
    Stop.objects.filter(pk=stop.pk).update(
        violations=[{"code": "missing_skill", "message": "Lacks a skill."}]
    )

    text = shown(dispatcher, suggestion)

    assert "2 rules broken" in text
    assert '<p class="ord-note">Ends too late.</p>' in text
    assert '<strong class="ord-danger">Lacks a skill.</strong>' in text
    assert text.count("ord-bar-work ord-bar-broken") == 1
    assert json.dumps(ground(text)).count('"broken": true') == 1


def test_the_map_has_each_place_once_and_no_host_unless_one_is_set(
    tenant: Tenant, dispatcher: Client, settings: Any
) -> None:
    suggestion = draft(tenant, people=1, stops=3)
    drawn = ground(shown(dispatcher, suggestion))
    assert drawn["tiles"] == ""
    (route,) = drawn["routes"]
    assert [stop["label"] for stop in route["stops"]] == ["1", "2", "3"]
    assert len(route["line"]) == 5
    assert route["line"][0] == route["line"][-1] == route["start"]

    settings.ROUTE_TILE_URL = "https://tiles.example.com/{z}/{x}/{y}.png"

    text = shown(dispatcher, suggestion)
    assert ground(text)["tiles"] == "https://tiles.example.com/{z}/{x}/{y}.png"
    assert "No map server is set up" not in text


def test_titles_cannot_become_markup(tenant: Tenant, dispatcher: Client) -> None:
    employee(tenant, name="<b>Bob</b>")
    title = "</script><script>alert(1)</script>"
    suggestion = rows.drafted(tenant, [rows.target(tenant, title=title)])

    text = shown(dispatcher, suggestion)

    assert "<script>alert" not in text
    assert "<b>Bob" not in text


def test_pages_cost_the_same_for_few_and_for_many_stops(tenant: Tenant, dispatcher: Client) -> None:
    small = draft(tenant, people=1, stops=2)
    # The first look at any page also reads content types, which stay in memory.
    dispatcher.get(page(small))
    few = {name: statements(dispatcher, page(small, name)) for name in ("change", "publish")}
    large = draft(tenant, people=4, stops=30)
    Employee.objects.update(name="Somebody")
    many = {name: statements(dispatcher, page(large, name)) for name in ("change", "publish")}

    assert many == few
    assert max(few.values()) <= MOST_STATEMENTS


def test_published_stops_lead_to_their_appointments_and_tell_what_became_of_them(
    tenant: Tenant, dispatcher: Client
) -> None:
    suggestion = draft(tenant, people=1, stops=2)
    rows.published(suggestion)
    first, second = rows.stops_of(suggestion)
    Appointment.objects.filter(target=first.target).update(status="Cancelled")
    Appointment.objects.filter(target=second.target).update(target_revision=0)

    text = shown(dispatcher, suggestion)
    appointment = dispatcher.get(path_of(Appointment, "change", first.appointment_id)).content.decode()

    assert page(suggestion) in appointment
    assert text.count(">Appointment</a>") == 2
    assert ">Cancelled</span>" in text
    assert "target changed since" in text
    assert "Take back" in text
    assert "Publish this route" not in text


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("distances", "<dd>estimated from distances</dd>"),
        ("osrm", "<dd>routing server (osrm)</dd>"),
        ("distances (osrm: timed out)", "estimated from distances, no routing server: osrm: timed out"),
    ],
)
def test_the_page_says_where_travel_times_came_from(
    tenant: Tenant, dispatcher: Client, source: str, told: str
) -> None:
    suggestion = draft(tenant, people=1, stops=1)
    RouteSuggestion.objects.update(travel_source=source)

    assert told in shown(dispatcher, suggestion)


def test_the_list_names_day_status_and_figures(tenant: Tenant, dispatcher: Client) -> None:
    suggestion = draft(tenant, people=1, stops=2)

    text = dispatcher.get(LIST, {"q": str(suggestion.pk)}).content.decode()

    assert str(DAY) in text
    assert "1 route, 2 stops, 0 left out" in text
    assert page(suggestion) not in dispatcher.get(LIST, {"q": "nothing"}).content.decode()


def test_the_start_page_shows_todays_routes_and_waiting_drafts(tenant: Tenant, dispatcher: Client) -> None:
    today = timezone.localdate()
    suggestion = draft(tenant, people=1, stops=2, route_date=today)
    before = dispatcher.get("/admin/").content.decode()
    rows.published(suggestion)
    after = dispatcher.get("/admin/").content.decode()

    assert "Routes waiting to be published" in before
    assert "1 route, 2 stops, 0 left out" in before
    assert "No visit is planned for today." in before
    assert "0 of 2 ended" in after
    assert "Routes waiting to be published" not in after


def test_what_is_published_in_part_says_so_and_still_waits(tenant: Tenant, dispatcher: Client) -> None:
    today = timezone.localdate()
    for name in ("Anna", "Ben"):
        employee(tenant, name=name, max_stops=1)
    suggestion = rows.drafted(tenant, rows.targets(tenant, 2), route_date=today)
    first, second = suggestion.routes.all()
    said = []
    for route in (first, second):
        rows.published(suggestion, route_ids=[route.pk])
        said.append(
            [
                "Published in part" in text
                for text in (
                    dispatcher.get(LIST).content.decode(),
                    shown(dispatcher, suggestion),
                    dispatcher.get("/admin/").content.decode(),
                )
            ]
        )
    assert said == [[True] * 3, [False] * 3]


def test_published_visits_that_do_not_fit_any_more_wait_for_a_decision(
    tenant: Tenant, dispatcher: Client, log_in: LogIn
) -> None:
    anna = employee(tenant, name="Anna")
    standing = appointment(rows.target(tenant, title="Stranded", status="Scheduled"), anna, rows.at(8))
    employee(tenant, name="Ben")
    Absence.objects.create(employee=anna, first_day=DAY, last_day=DAY)
    suggestion = rows.drafted(tenant, rows.targets(tenant, 1))
    give_away = f"/admin/visits/appointment/reassign/?visits={standing.pk}"

    text, seen = shown(dispatcher, suggestion), shown(log_in(Role.SUPPORT), suggestion)

    assert "Anna does not work on that day." in text
    assert "Anna does not work on that day." in seen
    assert (give_away in text, give_away in seen) == (True, False)
    assert dispatcher.get(give_away).status_code == 200


def test_after_an_edit_reasons_are_said_to_be_those_of_before(tenant: Tenant, dispatcher: Client) -> None:
    suggestion = draft(tenant, people=1, stops=2)
    before = shown(dispatcher, suggestion)
    change(dispatcher, suggestion, rows.stops_of(suggestion)[0].target_id, "leave_out")
    after = shown(dispatcher, suggestion)
    assert ("changed by hand since" in before, "changed by hand since" in after) == (False, True)
    assert after.index('id="left-out"') < after.index('id="route-1"')
