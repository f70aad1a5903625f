"""MyDay while the office changes its mind."""

import pytest
from playwright.sync_api import expect

from targets.visits.models import Employee
from targets.visits.services.reassigning import reassign_appointment
from tests import factories
from tests.api import Api
from tests.browser.phones import Phone, opened, state
from tests.imports.sending import send
from tests.routes.rows import target
from tests.visits.pages.stops import stop
from tests.visits.phones import with_login
from tests.visits.rows import employee

pytestmark = [pytest.mark.browser, pytest.mark.slow]


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
