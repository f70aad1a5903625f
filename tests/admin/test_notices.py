import pytest
from django.test import Client

from ordinavo.tenants.models import AuditEntry, ManagerNotice, Role, Tenant
from ordinavo.tenants.services.notices import close_notice, notify_managers
from tests.admin.conftest import LogIn, Rows

LIST = "/admin/tenants/managernotice/"


@pytest.fixture
def notice(tenant: Tenant) -> ManagerNotice:
    link = "/admin/webhooks/subscription/7/change/"
    return notify_managers(
        tenant=tenant, kind="subscription.disabled", title="It is off", text="Do.", link=link
    )


def page(notice: ManagerNotice, rest: str) -> str:
    return f"{LIST}{notice.pk}/{rest}/"


def test_a_notice_is_on_the_start_page_until_it_is_done(notice: ManagerNotice, log_in: LogIn) -> None:
    browser = log_in(Role.MANAGER)
    assert page(notice, "change") in browser.get("/admin/").content.decode()

    assert browser.get(page(notice, "close")).status_code == 200
    assert ManagerNotice.objects.get().done_at is None
    browser.post(page(notice, "close"))

    done = ManagerNotice.objects.get()
    assert done.done_by is not None
    assert (done.done_at is not None, done.done_by.email) == (True, f"manager@{notice.tenant.slug}.example")
    assert page(notice, "change") not in browser.get("/admin/").content.decode()
    entry = AuditEntry.objects.get(action="notice.done")
    assert (entry.actor, entry.details) == (done.done_by, {"title": "It is off"})


def test_the_list_shows_open_notices_unless_others_are_asked_for(
    notice: ManagerNotice, log_in: LogIn
) -> None:
    close_notice(notice=notice)
    browser = log_in()

    shown = {
        state: page(notice, "change") in browser.get(f"{LIST}?state={state}").content.decode()
        for state in ("", "done", "all")
    }

    assert shown == {"": False, "done": True, "all": True}


def test_a_notice_leads_to_pages_of_ours_only(notice: ManagerNotice, log_in: LogIn) -> None:
    browser = log_in()
    assert f'href="{notice.link}"' in browser.get(page(notice, "change")).content.decode()

    ManagerNotice.objects.update(link="javascript:alert(1)")

    assert "javascript:alert" not in browser.get(page(notice, "change")).content.decode()


def test_whoever_comes_second_keeps_who_was_first(notice: ManagerNotice, log_in: LogIn) -> None:
    browser = log_in()
    browser.post(page(notice, "close"))
    first = ManagerNotice.objects.get()

    assert not close_notice(notice=notice)
    assert browser.post(page(notice, "close")).status_code == 403
    assert ManagerNotice.objects.values_list("done_by", "done_at").get() == (first.done_by_id, first.done_at)
    assert AuditEntry.objects.filter(action="notice.done").count() == 1


def test_selected_notices_are_marked_as_done(notice: ManagerNotice, log_in: LogIn) -> None:
    answer = log_in(Role.MANAGER).post(
        LIST, {"action": "close_selected", "_selected_action": notice.pk}, follow=True
    )

    assert "1 marked as done." in answer.content.decode()
    assert ManagerNotice.objects.get().done_at is not None


def test_support_reads_notices_and_dispatchers_do_not(notice: ManagerNotice, log_in: LogIn) -> None:
    support, dispatcher = log_in(Role.SUPPORT), log_in(Role.DISPATCHER)

    assert support.get(page(notice, "change")).status_code == 200
    assert support.post(page(notice, "close")).status_code == 403
    assert dispatcher.get(page(notice, "change")).status_code == 403
    assert "It is off" not in dispatcher.get("/admin/").content.decode()
    assert ManagerNotice.objects.get().done_at is None


def test_notices_of_others_cannot_be_closed(theirs: Rows, browser: Client) -> None:
    notice = theirs[ManagerNotice]

    assert browser.post(page(notice, "close")).status_code == 403
    browser.post(LIST, {"action": "close_selected", "_selected_action": notice.pk})
    assert ManagerNotice.objects.get().done_at is None
