"""MyDay on phones of 360 pixels: a whole day, a bad line, two phones, no script, no mouse."""

import io
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.signals import request_finished, request_started
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, Dialog, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from ordinavo.desk.roles import sync_roles
from targets.visits.models import Appointment, Attachment, Employee, VisitReport
from targets.visits.pages.access import COOKIE, COOKIE_PATH
from targets.visits.services.devices import sign_in, sign_out_everywhere
from targets.visits.services.reassigning import reassign_appointment
from tests import factories
from tests.api import Api
from tests.imports.sending import send
from tests.routes.rows import target
from tests.visits.pages.stops import begun, ended, known_target, report, stop
from tests.visits.phones import PASSWORD, with_login
from tests.visits.rows import employee

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PATIENCE_MS = 15_000
Phone = Callable[..., Page]


@pytest.fixture
def ada(transactional_db: None) -> Employee:
    sync_roles()
    return with_login(
        employee(factories.tenant(), name="Ada Berg", language="en"), email="ada@x.example", password=PASSWORD
    )


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def _idle(live_server: LiveServer) -> Iterator[None]:
    """Wait for what phones asked for last, before the tables are emptied below it."""
    open_requests: list[object] = []

    def begun_one(environ: object, **_: object) -> None:
        open_requests.append(environ)

    def finished_one(**_: object) -> None:
        open_requests.pop()

    request_started.connect(begun_one)
    request_finished.connect(finished_one)
    yield
    deadline = time.monotonic() + 10
    while open_requests and time.monotonic() < deadline:
        time.sleep(0.02)
    request_started.disconnect(begun_one)
    request_finished.disconnect(finished_one)


@pytest.fixture
def phone(chromium: Browser, live_server: LiveServer, _idle: None) -> Iterator[Phone]:
    """Make phones, logged in as an employee; whatever breaks in their scripts fails the test."""
    contexts, faults = [], []

    def make(who: Employee | None = None, **options: Any) -> Page:
        small = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "locale": "en"}
        context = chromium.new_context(base_url=live_server.url, **{**small, **options})
        contexts.append(context)
        if who is not None:
            _, secret = sign_in(employee=who, name="Chrome on Android")
            cookie = {"name": COOKIE, "value": secret, "domain": "localhost", "path": COOKIE_PATH}
            context.add_cookies([cookie])  # type: ignore[list-item]
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: faults.append(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()
    assert faults == []


def photo() -> dict[str, Any]:
    drawn = io.BytesIO()
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (51.0, 27.0, 0.0)}
    Image.new("RGB", (2400, 1200), "navy").save(drawn, "JPEG", exif=exif)
    return {"name": "plate.jpg", "mimeType": "image/jpeg", "buffer": drawn.getvalue()}


def opened(page: Page, one: Appointment) -> Page:
    page.goto(f"/myday/stops/{one.pk}/")
    return page


def write(page: Page, summary: str) -> None:
    page.get_by_label("All done").check()
    page.get_by_label("What was done?").fill(summary)


def state(one: Appointment) -> str:
    return Appointment.objects.get(pk=one.pk).status


def test_a_day_from_the_log_in_to_the_last_report(ada: Employee, phone: Phone) -> None:
    first = stop(ada, of=known_target(ada.tenant, title="Change the filter"))
    second = stop(ada, sequence=2, of=target(ada.tenant, title="Empty house", status="Scheduled"))
    page = phone()
    log_in(page, "ada@x.example")
    expect(page.get_by_text("2 stops, 2 to do")).to_be_visible()
    page.get_by_role("link", name="Change the filter").tap()
    expect(page.get_by_text("Ring twice.")).to_be_visible()
    page.get_by_role("button", name="Start").tap()
    expect(page.get_by_text("Sent at")).to_be_visible()
    write(page, "Filter changed.")
    page.get_by_label("Photos and files").first.set_input_files(photo())  # type: ignore[arg-type]
    expect(page.get_by_role("button", name="Remove plate.jpg")).to_be_visible()
    page.get_by_role("button", name="Complete and send the report").tap()
    expect(page.get_by_text("Report sent")).to_be_visible()

    page.get_by_role("link", name="Today").tap()
    page.get_by_role("link", name="Empty house").tap()
    page.get_by_text("It cannot be done").tap()
    page.get_by_text("Nobody is there", exact=True).tap()
    page.get_by_role("button", name="Yes, nobody is there").tap()
    expect(page.get_by_text("Problem reported")).to_be_visible()
    page.get_by_role("link", name="Today").tap()
    expect(page.get_by_text("2 stops, all done")).to_be_visible()

    done = VisitReport.objects.get(appointment=first)
    assert (done.status, done.summary, done.used_minutes) == ("Submitted", "Filter changed.", 1)
    kept = Attachment.objects.get()
    assert (kept.report, kept.width, kept.height) == (done, 1600, 800)
    with Image.open(kept.file.path) as stored:
        assert not stored.getexif()
    absent = VisitReport.objects.get(appointment=second)
    assert (absent.result, absent.is_billable) == ("CustomerAbsent", False)


def test_a_line_that_drops_after_we_stored_it_makes_one_report(ada: Employee, phone: Phone) -> None:
    one = begun(ada)
    page = opened(phone(ada), one)
    heard: list[int] = []

    def lose_the_answer(route: Route) -> None:
        heard.append(route.fetch().status)
        route.abort()

    page.route("**/report/", lose_the_answer, times=2)
    write(page, "Filter changed.")
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name="Complete and send the report").tap()
    expect(page.get_by_text("Saved here on the phone, not yet sent (1).")).to_be_visible()
    assert heard == [200]
    assert state(one) == "Completed"

    page.reload()
    expect(page.get_by_text("Sent at")).to_be_visible()
    expect(page.get_by_text("not yet sent")).to_have_count(0)
    assert set(heard) == {200}
    told = VisitReport.objects.get()
    assert (told.status, told.summary, told.version) == ("Submitted", "Filter changed.", 1)


def test_without_a_line_all_is_kept_and_sent_in_order_when_it_is_back(ada: Employee, phone: Phone) -> None:
    one = stop(ada, of=known_target(ada.tenant, title="Cellar"))
    page = phone(ada)
    page.goto("/myday/")
    wait_until_kept(page, f"/myday/stops/{one.pk}/")
    page.context.set_offline(True)
    page.get_by_role("link", name="Cellar").tap()
    expect(page.get_by_text("No connection. As of")).to_be_visible()
    page.get_by_role("button", name="Start").tap()
    expect(page.get_by_text("Saved here on the phone, not yet sent (1).")).to_be_visible()
    write(page, "Typed in the cellar.")
    page.get_by_label("Photos and files").first.set_input_files(photo())  # type: ignore[arg-type]
    expect(page.get_by_role("button", name="Remove plate.jpg")).to_be_visible()
    page.reload()
    expect(page.get_by_label("What was done?")).to_have_value("Typed in the cellar.")
    page.get_by_role("button", name="send the report").tap()
    expect(page.get_by_text("Saved here on the phone, not yet sent (3).")).to_be_visible()
    assert state(one) == "Scheduled"

    page.context.set_offline(False)
    # Where a service worker gave the page, this browser's pretended line comes back without a word.
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.get_by_text("Sent at")).to_be_visible()
    expect(page.get_by_text("Report sent")).to_be_visible()
    told = VisitReport.objects.get()
    assert (told.status, told.summary, told.attachments.count()) == ("Submitted", "Typed in the cellar.", 1)
    assert state(one) == "Completed"


def wait_until_kept(page: Page, path: str) -> None:
    for _ in range(100):
        if page.evaluate("path => caches.match(path).then(Boolean)", path):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{path} is not kept.")


def test_two_phones_of_one_employee_never_overwrite_each_other(ada: Employee, phone: Phone) -> None:
    one = begun(ada)
    first, second = (opened(phone(ada), one) for _ in range(2))
    write(first, "From the first phone")
    first.get_by_role("button", name="Save as a draft").tap()
    expect(first.get_by_text("Draft saved at")).to_be_visible()

    write(second, "From the second phone")
    second.get_by_role("button", name="Save as a draft").tap()
    expect(second.get_by_text("There are two versions of this report.")).to_be_visible()
    expect(second.get_by_role("group").get_by_text("From the first phone")).to_be_visible()
    expect(second.get_by_label("What was done?")).to_have_value("From the second phone")
    assert VisitReport.objects.get().summary == "From the first phone"

    second.get_by_label("What was done?").fill("From both")
    second.get_by_role("button", name="Save as a draft").tap()
    expect(second.get_by_text("Draft saved at")).to_be_visible()
    expect(second.get_by_text("There are two versions of this report.")).to_be_hidden()
    expect(second.get_by_role("alert")).to_be_hidden()
    assert VisitReport.objects.get().summary == "From both"


def test_a_stop_that_an_import_cancels_on_the_way_says_so(ada: Employee, phone: Phone) -> None:
    client = factories.client(ada.tenant, **factories.ALL_SWITCHES)
    wanted = target(ada.tenant, title="On the way", status="Scheduled")
    one = stop(ada, of=wanted)
    page = opened(phone(ada), one)
    send(Api(client), externalId=wanted.external_id, operation="cancel")
    assert state(one) == "Cancelled"

    page.get_by_role("button", name="Start").tap()
    expect(page.get_by_role("alert")).to_contain_text("This visit was cancelled.")
    expect(page.get_by_text("You need not go there.")).to_be_visible()
    expect(page.get_by_role("button", name="Start")).to_be_hidden()
    assert state(one) == "Cancelled"


def test_a_stop_that_is_given_to_somebody_else_follows_to_their_phone(ada: Employee, phone: Phone) -> None:
    ben = with_login(employee(ada.tenant, name="Ben Krüger", language="en"))
    one = stop(ada, of=target(ada.tenant, title="Moves", status="Scheduled"))
    hers, his = opened(phone(ada), one), phone(ben)
    his.clock.install()
    his.goto("/myday/")
    expect(his.get_by_text("Nothing is planned for you today.")).to_be_visible()
    reassign_appointment(tenant=ada.tenant, appointment_id=one.pk, employee=ben, actor=None)

    hers.get_by_role("button", name="Start").tap()
    expect(hers.get_by_role("heading", name="Not on your list")).to_be_visible()
    expect(hers.get_by_role("alert")).to_contain_text("This stop is not on your list any more.")
    hers.get_by_role("link", name="Back to today").tap()
    expect(hers.get_by_text("Nothing is planned for you today.")).to_be_visible()
    # A page that lies open looks for itself, every three minutes.
    his.clock.run_for(181_000)
    his.get_by_role("link", name="Moves").tap()
    his.get_by_role("button", name="Start").tap()
    expect(his.get_by_text("You are here")).to_be_visible()
    assert state(one) == "Started"


def test_logging_out_leaves_nothing_on_the_phone(ada: Employee, phone: Phone) -> None:
    one = stop(ada, of=target(ada.tenant, title="Private", status="Scheduled"))
    page = phone(ada)
    page.goto("/myday/")
    wait_until_kept(page, f"/myday/stops/{one.pk}/")
    opened(page, one)
    page.context.clear_cookies(name="ordinavo-csrf")
    page.get_by_role("button", name="Start").tap()
    expect(page.get_by_text("You are here")).to_be_visible()
    page.get_by_label("What was done?").fill("Typed, never sent")
    page.context.set_offline(True)
    page.get_by_role("button", name="Save as a draft").tap()
    expect(page.get_by_text("not yet sent (1)")).to_be_visible()
    page.route("**/report/", lambda route: route.abort())
    page.context.set_offline(False)
    page.goto("/myday/account/")
    questions: list[str] = []

    def agree(dialog: Dialog) -> None:
        questions.append(dialog.message)
        dialog.accept()

    page.on("dialog", agree)
    page.get_by_role("button", name="Log out on this device").tap()
    expect(page.get_by_label("Password")).to_be_visible()
    assert [question[:29] for question in questions] == ["Some of it is not yet sent. L"]
    assert page.evaluate("caches.has('myday-pages')") is False
    assert page.evaluate(_LEFT) == 0
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('myday:'))") == []
    assert not VisitReport.objects.exists()


def test_what_waits_on_a_shared_phone_is_sent_for_its_writer_only(ada: Employee, phone: Phone) -> None:
    ben = with_login(
        employee(ada.tenant, name="Ben Krüger", language="en"), email="ben@x.example", password=PASSWORD
    )
    one = begun(ada)
    page = opened(phone(ada), one)
    page.route("**/report/", lambda route: route.abort())
    page.get_by_label("What was done?").fill("Adas words")
    page.get_by_role("button", name="Save as a draft").tap()
    expect(page.get_by_text("not yet sent (1)")).to_be_visible()
    sign_out_everywhere(employee=ada, actor=None)
    page.unroute("**/report/")

    log_in(page, "ben@x.example")
    expect(page.get_by_text("Nothing is planned for you today.")).to_be_visible()
    page.goto("/myday/unsent/")
    expect(page.get_by_text("Everything is sent.")).to_be_visible()
    page.goto("/myday/account/")
    page.get_by_role("button", name="Log out on this device").tap()
    expect(page.get_by_label("Password")).to_be_visible()
    assert not VisitReport.objects.exists()

    log_in(page, "ada@x.example")
    expect(page.get_by_text("Draft saved at")).to_be_visible()
    assert (VisitReport.objects.get().employee, VisitReport.objects.get().summary) == (ada, "Adas words")
    assert ben.reports.count() == 0


def log_in(page: Page, email: str) -> None:
    page.goto("/myday/login/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").tap()


_LEFT = """new Promise((resolve) => {
  const opening = indexedDB.open("myday", 1);
  opening.onsuccess = () => {
    const all = opening.result.transaction("outbox").objectStore("outbox").getAll();
    all.onsuccess = () => resolve(all.result.length);
  };
})"""


def test_it_works_without_javascript(ada: Employee, phone: Phone) -> None:
    one = stop(ada, of=target(ada.tenant, title="Plain", status="Scheduled"))
    page = phone(ada, java_script_enabled=False)
    page.goto("/myday/")
    page.get_by_role("link", name="Plain").tap()
    page.get_by_role("button", name="Start").tap()
    page.get_by_role("button", name="Complete and send the report").tap()
    expect(page.get_by_text("Say how it went.")).to_be_visible()
    write(page, "Typed without a script.")
    page.get_by_label("Photos and files").first.set_input_files(photo())  # type: ignore[arg-type]
    page.get_by_role("button", name="Complete and send the report").tap()
    expect(page.get_by_text("Report sent")).to_be_visible()
    told = VisitReport.objects.get(appointment=one)
    assert (told.status, told.summary, told.attachments.count()) == (
        "Submitted",
        "Typed without a script.",
        1,
    )


def test_it_works_with_the_keyboard_alone(ada: Employee, phone: Phone) -> None:
    one = stop(ada, of=target(ada.tenant, title="By keys", status="Scheduled"))
    page = phone(ada)
    page.goto("/myday/")
    reach(page, "By keys")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="By keys")).to_be_visible()
    reach(page, "Start")
    page.keyboard.press("Enter")
    expect(page.get_by_text("You are here")).to_be_visible()
    reach(page, "Successful")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("Typed with keys.")
    reach(page, "Complete and send the report")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Report sent")).to_be_visible()
    assert VisitReport.objects.get(appointment=one).summary == "Typed with keys."


def reach(page: Page, name: str) -> None:
    """Press Tab until what is focused says `name` or has it as its value."""
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.evaluate("[document.activeElement.textContent.trim(), document.activeElement.value]")
        if name in focused:
            return
    raise AssertionError(f"{name} is not reached by the keyboard.")


def test_each_page_is_light_fits_and_can_be_read_by_all(ada: Employee, phone: Phone) -> None:
    now = timezone.now()
    late = {"planned_start": now - timedelta(hours=1), "planned_end": now}
    rejected = ended(ada, sequence=3)
    report(rejected, status="Rejected", result="Successful", rejection_reason="No photo.")
    stops = [
        stop(ada, of=known_target(ada.tenant, priority="Urgent"), **late),  # type: ignore[arg-type]
        begun(ada, sequence=2, of=known_target(ada.tenant)),
        rejected,
        stop(ada, sequence=4, status="Cancelled"),
    ]
    own = [f"stops/{one.pk}/" for one in stops]
    page = phone(ada, service_workers="block")
    for path in ("", *own, "unsent/", "account/", "stops/0/", "login/"):
        if path == "login/":
            page.context.clear_cookies()
        page.emulate_media(color_scheme="light")
        page.goto(f"/myday/{path}")
        for part in page.locator("details").all():
            part.evaluate("part => { part.open = true }")
        assert grave(page, _ALL_RULES) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
        assert page.evaluate(_SMALL) == [], path
        page.emulate_media(color_scheme="dark")
        assert grave(page, _CONTRAST) == [], path


def grave(page: Page, options: dict[str, Any]) -> list[str]:
    found = Axe().run(page, options=options).response["violations"]
    return [one["id"] for one in found if one["impact"] in {"serious", "critical"}]


# Text in the sun: 7:1, not only the usual 4.5:1.
_ALL_RULES = {"rules": {"color-contrast-enhanced": {"enabled": True}}}
_CONTRAST = {"runOnly": ["color-contrast", "color-contrast-enhanced"]}
# What is touched and smaller than 48 pixels; links within a sentence don't count, nor what a label covers.
_SMALL = """[...document.querySelectorAll("main a, header a, button, summary, label:has(input), textarea")]
  .filter((e) => e.checkVisibility() && !e.closest("h2") && !e.classList.contains("skip"))
  .filter((e) => e.getBoundingClientRect().height < 47.5)
  .map((e) => e.outerHTML.slice(0, 120))"""


def test_a_phone_loads_less_than_100_kilobytes_in_all(ada: Employee, phone: Phone) -> None:
    for number in range(12):
        stop(ada, sequence=number, of=known_target(ada.tenant))
    page = phone(ada, service_workers="block")
    loaded: list[int] = []
    page.on("response", lambda answer: loaded.append(len(answer.body())))
    page.goto("/myday/")
    page.wait_for_load_state("networkidle")
    assert len(loaded) >= 8
    assert sum(loaded) < 100_000
