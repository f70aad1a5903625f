"""Staff watch jobs, cancel them, send refused items again, and take the errors as a file."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from integrations.models import IntegrationClient
from integrations.scopes import Scope
from ordinavo.tenants.models import AuditEntry, Role
from targets.imports.models import ImportItem, ImportJob
from targets.imports.pipeline.chunk import work_chunk
from targets.models import Target
from tests.admin.conftest import LogIn
from tests.admin.world import jobs_page, path_of
from tests.api import Api

GOOD = {"externalId": "T-1", "title": "Visit"}
BAD = {"externalId": "T-2", "title": "", "planning": {"dueDate": "2026-13-40"}}
MAPPED = {"externalId": "T-3", "title": "", "location": {"externalId": "L-1"}}


@pytest.fixture
def manager(log_in: LogIn) -> Client:
    return log_in(Role.MANAGER)


@pytest.fixture
def support(log_in: LogIn) -> Client:
    return log_in(Role.SUPPORT)


def batch(api: Api, *items: dict[str, Any]) -> ImportJob:
    """A batch that nobody has worked on yet."""
    job_id = api.post("/inbound/targets/batch", {"items": list(items)}).json()["importJobId"]
    return ImportJob.objects.get(pk=job_id)


def ended(api: Api, *items: dict[str, Any]) -> ImportJob:
    job = batch(api, *items)
    work_chunk(job.pk)
    job.refresh_from_db()
    return job


def page_of(browser: Client, job: ImportJob) -> str:
    page: str = browser.get(path_of(ImportJob, "change", job.pk)).content.decode()
    return page


def sentences(answer: Any) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def test_the_page_renews_itself_while_the_job_runs_and_no_longer(api: Api, support: Client) -> None:
    job = batch(api, GOOD, BAD)
    live = jobs_page(job, "live")

    page = page_of(support, job)
    assert f'hx-get="{live}" hx-trigger="every 2s"' in page
    assert '<progress max="100" value="50"' in page
    assert "1 of 2 items done" in page
    fragment = support.get(live)
    assert ("HX-Refresh" in fragment.headers, live in fragment.content.decode()) == (False, True)

    work_chunk(job.pk)

    fragment = support.get(live)
    assert fragment.headers["HX-Refresh"] == "true"
    assert live not in fragment.content.decode()
    assert live not in page_of(support, job)
    assert "<progress" not in page_of(support, job)


def test_the_counters_lead_to_their_items(api: Api, support: Client) -> None:
    job = ended(api, GOOD, BAD)

    links = re.findall(r'<a href="([^"]+)"><span class="ord-mark [^"]*">([^<]+)', page_of(support, job))

    pages = {text: support.get(href.replace("&amp;", "&")).content.decode() for href, text in links}
    assert {text: ("T-1" in page, "T-2" in page) for text, page in pages.items()} == {
        "1 created": (True, False),
        "1 rejected": (False, True),
    }


def test_the_timeline_names_the_job_that_a_retry_came_from_and_the_retry(api: Api, manager: Client) -> None:
    job = ended(api, GOOD, BAD)
    manager.post(jobs_page(job, "retry"))
    retried = ImportJob.objects.get(retry_of=job)

    assert f'Retried as</strong> <a class="ord-link" href="{path_of(ImportJob, "change", retried.pk)}"' in (
        page_of(manager, job)
    )
    assert "Accepted as a retry of" in page_of(manager, retried)
    assert path_of(ImportJob, "change", job.pk) in page_of(manager, retried)


def test_a_manager_sends_refused_items_again(api: Api, manager: Client) -> None:
    job = ended(api, GOOD, BAD)
    ImportItem.objects.filter(external_id="T-2").update(payload={**BAD, "title": "Mended", "planning": None})

    assert "Send refused items again" in page_of(manager, job)
    assert "1 refused and skipped items" in manager.get(jobs_page(job, "retry")).content.decode()
    answer = manager.post(jobs_page(job, "retry"), follow=True)

    retried = ImportJob.objects.get(retry_of=job)
    assert sentences(answer) == [f"Import job {retried.pk} was made with 1 items of job {job.pk}."]
    work_chunk(retried.pk)
    assert Target.objects.filter(external_id="T-2", title="Mended").exists()
    entry = AuditEntry.objects.get(action="importjob.retried")
    assert (entry.subject_id, entry.details) == (job.pk, {"newJob": retried.pk, "items": 1})
    assert entry.actor is not None


def test_a_manager_sends_selected_items_again(api: Api, manager: Client) -> None:
    job, other = ended(api, GOOD, BAD, {**BAD, "externalId": "T-4"}), ended(api, {**BAD, "externalId": "T-5"})
    chosen = ImportItem.objects.filter(external_id__in=["T-1", "T-4", "T-5"])
    action = {"action": "send_again", "_selected_action": [item.pk for item in chosen]}

    manager.post(path_of(ImportItem, "changelist"), action)

    sent = ImportItem.objects.exclude(job__retry_of=None).values_list("job__retry_of", "external_id")
    assert sorted(sent) == [(job.pk, "T-4"), (other.pk, "T-5")]


def test_selected_items_without_anything_to_retry_are_told_so(api: Api, manager: Client) -> None:
    job = ended(api, GOOD)
    action = {"action": "send_again", "_selected_action": ImportItem.objects.get().pk}

    answer = manager.post(path_of(ImportItem, "changelist"), action, follow=True)

    assert sentences(answer) == [f"Job {job.pk}: The import job has no refused or skipped items."]
    assert ImportJob.objects.count() == 1


def test_what_needs_a_scope_that_the_client_has_lost_is_not_sent_again(
    api: Api, erp: IntegrationClient, manager: Client
) -> None:
    job = ended(api, MAPPED)
    ImportItem.objects.update(payload={**MAPPED, "title": "Mended"})
    erp.scopes = [scope for scope in erp.scopes if scope != Scope.CUSTOMERS_MAP]
    erp.save()

    page = manager.post(jobs_page(job, "retry")).content.decode()

    assert "This needs the scope customers.map." in page
    assert ImportJob.objects.count() == 1
    assert not AuditEntry.objects.filter(action="importjob.retried").exists()


def test_a_manager_cancels_a_running_job_after_being_asked(api: Api, manager: Client, settings: Any) -> None:
    settings.IMPORT_CHUNK = 1
    job = batch(api, GOOD, {**GOOD, "externalId": "T-9"}, {**GOOD, "externalId": "T-8"})
    work_chunk(job.pk)

    assert "2 items are not worked off yet" in manager.get(jobs_page(job, "cancel")).content.decode()
    job.refresh_from_db()
    assert job.status == "Processing"
    answer = manager.post(jobs_page(job, "cancel"), follow=True)

    assert sentences(answer) == ["The job is cancelled: 2 items were skipped, 1 were done already."]
    job.refresh_from_db()
    assert (job.status, job.skipped_items, Target.objects.count()) == ("Cancelled", 2, 1)
    assert AuditEntry.objects.get(action="importjob.cancelled").details == {"skipped": 2, "done": 1}


def test_an_ended_job_is_not_cancelled(api: Api, manager: Client) -> None:
    job = ended(api, GOOD)

    page = manager.post(jobs_page(job, "cancel")).content.decode()

    assert "The import job has ended already." in page
    assert 'href="/admin/imports/importjob/' in page
    assert not AuditEntry.objects.filter(action="importjob.cancelled").exists()


def test_the_errors_file_is_that_of_the_api(api: Api, support: Client) -> None:
    job = ended(api, GOOD, BAD)

    answer: Any = support.get(jobs_page(job, "errors"))

    theirs = api.get(f"/import-jobs/{job.pk}/errors.csv")
    lines = theirs.getvalue()
    assert b"T-2" in lines
    assert answer.getvalue() == lines
    for header in ("Content-Type", "Content-Disposition"):
        assert answer.headers[header] == theirs.headers[header]


def test_support_watches_and_steers_nothing(api: Api, support: Client) -> None:
    running, done = batch(api, GOOD), ended(api, BAD)

    pages = page_of(support, running) + page_of(support, done)

    assert "Errors file" in pages
    for word in ("Send refused items again", jobs_page(running, "cancel")):
        assert word not in pages
    for job, name in ((running, "cancel"), (done, "retry")):
        assert support.get(jobs_page(job, name)).status_code == 404
        assert support.post(jobs_page(job, name)).status_code == 404
    action = {"action": "send_again", "_selected_action": ImportItem.objects.get(job=done).pk}
    support.post(path_of(ImportItem, "changelist"), action)
    assert ImportJob.objects.count() == 2
    assert AuditEntry.objects.filter(action__startswith="importjob").count() == 0


def test_an_operator_who_looks_at_all_tenants_steers_nothing(api: Api, operator: Client) -> None:
    job = batch(api, GOOD)
    operator.post("/admin/tenants/tenant/switch/", {"tenant": ""})

    assert operator.get(jobs_page(job, "live")).status_code == 200
    assert operator.post(jobs_page(job, "cancel")).status_code == 404


def test_odd_ids_lead_nowhere(manager: Client) -> None:
    for odd in ("0", "abc", "9" * 40):
        for name in ("live", "errors", "cancel", "retry"):
            assert manager.get(f"/admin/imports/importjob/{odd}/{name}/").status_code == 404


def test_a_job_without_items_left_is_done(api: Api, support: Client) -> None:
    job = ended(api, GOOD)
    ImportJob.objects.update(total_items=0, created_items=0, finished_at=timezone.now())

    assert "0 items" in page_of(support, job)
