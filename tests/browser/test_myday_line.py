"""MyDay where the line drops, where there are two phones, and where one phone has two users."""

import pytest
from playwright.sync_api import Dialog, Page, Route, expect

from targets.visits.models import Employee, VisitReport
from targets.visits.services.devices import sign_out_everywhere
from tests.browser.phones import Phone, log_in, opened, photo, state, write
from tests.routes.rows import target
from tests.visits.pages.stops import begun, known_target, stop
from tests.visits.phones import PASSWORD, with_login
from tests.visits.rows import employee

pytestmark = [pytest.mark.browser, pytest.mark.slow]


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
    page.get_by_role("button", name="Complete and send the report").tap()
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


def test_who_has_more_to_say_need_not_wait_for_a_slow_answer(ada: Employee, phone: Phone) -> None:
    one = begun(ada)
    page = opened(phone(ada), one)
    slow: list[Route] = []

    def keep_waiting(route: Route) -> None:
        slow.append(route)

    page.route("**/report/", keep_waiting, times=1)
    page.get_by_label("What was done?").fill("Began.")
    page.get_by_role("button", name="Save as a draft").tap()
    expect(page.get_by_text("not yet sent (1)")).to_be_visible()
    write(page, "Began, and ended.")
    page.get_by_role("button", name="Complete and send the report").tap()
    expect(page.get_by_text("not yet sent (2)")).to_be_visible()
    assert not VisitReport.objects.exists()

    slow[0].continue_()
    expect(page.get_by_text("Report sent")).to_be_visible()
    told = VisitReport.objects.get()
    assert (told.status, told.summary, told.version) == ("Submitted", "Began, and ended.", 2)


def test_a_phone_that_was_signed_out_shows_nothing_any_more(ada: Employee, phone: Phone) -> None:
    one = stop(ada, of=known_target(ada.tenant, title="Private"))
    page = phone(ada)
    page.goto("/myday/")
    wait_until_kept(page, f"/myday/stops/{one.pk}/")
    page.context.set_offline(True)
    opened(page, one)
    expect(page.get_by_role("heading", name="Private")).to_be_visible()
    sign_out_everywhere(employee=ada, actor=None)
    page.context.set_offline(False)
    page.goto("/myday/")
    expect(page.get_by_text("This device was signed out.")).to_be_visible()
    page.context.set_offline(True)
    opened(page, one)
    expect(page.get_by_text("this page is not kept on this phone")).to_be_visible()
    assert page.get_by_text("Private").count() == 0


def test_what_was_seen_the_day_before_is_not_shown_without_a_line(ada: Employee, phone: Phone) -> None:
    one = stop(ada, of=known_target(ada.tenant, title="Private"))
    page = phone(ada)
    page.goto("/myday/")
    wait_until_kept(page, f"/myday/stops/{one.pk}/")
    page.evaluate(_SEEN_YESTERDAY, f"/myday/stops/{one.pk}/")
    page.context.set_offline(True)
    page.goto("/myday/")
    expect(page.get_by_text("No connection. As of")).to_be_visible()
    opened(page, one)
    expect(page.get_by_text("this page is not kept on this phone")).to_be_visible()


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
    page.context.set_offline(True)
    page.get_by_role("button", name="Log out on this device").tap()
    expect(page.get_by_role("alert").get_by_text("Without a connection this cannot be done.")).to_be_visible()
    page.context.set_offline(False)
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


_SEEN_YESTERDAY = """async (path) => {
  const pages = await caches.open("myday-pages");
  const kept = await pages.match(path);
  const headers = new Headers(kept.headers);
  headers.set("X-Kept-At", new Date(Date.now() - 86_460_000).toISOString());
  await pages.put(new URL(path, location), new Response(await kept.blob(), { headers }));
}"""
_LEFT = """new Promise((resolve) => {
  const opening = indexedDB.open("myday", 1);
  opening.onsuccess = () => {
    const all = opening.result.transaction("outbox").objectStore("outbox").getAll();
    all.onsuccess = () => resolve(all.result.length);
  };
})"""
