"""Support finds out why an import failed: one search, one click."""

import re

import pytest
from django.test import Client

from customers.models import Customer
from integrations.models import IntegrationClient
from ordinavo.tenants.models import Role, Tenant
from targets.imports.models import ImportItem, ImportJob, MappingReview
from targets.models import Target
from tests.admin.conftest import LogIn, Rows
from tests.admin.world import item_of, job_of, path_of

ITEMS = "/admin/imports/importitem/"
FAULT = {"path": "planning.dueDate", "code": "invalid", "message": "Must be a date in the form YYYY-MM-DD."}


@pytest.fixture
def support(log_in: LogIn) -> Client:
    return log_in(Role.SUPPORT)


@pytest.fixture
def refused(erp: IntegrationClient) -> ImportItem:
    job = job_of(erp, status="Failed", correlation_id="erp-4711", created_items=0, rejected_items=1)
    return item_of(
        job,
        external_id="JOB-77",
        status="Rejected",
        result="",
        error_code="validation_failed",
        error_message="One or more fields are invalid.",
        errors=[FAULT],
        payload={"externalId": "JOB-77", "title": "<b>Prüfen</b>", "planning": {"dueDate": "2026-13-40"}},
    )


def links_to_items(page: str) -> list[int]:
    return sorted({int(pk) for pk in re.findall(rf'href="{ITEMS}(\d+)/change/', page)})


def test_external_id_correlation_id_and_job_number_lead_to_the_item(
    refused: ImportItem, erp: IntegrationClient, support: Client
) -> None:
    item_of(job_of(erp, correlation_id="another"), external_id="JOB-78")

    for term in ("JOB-77", "erp-4711", str(refused.job_id), "  JOB-77 "):
        assert links_to_items(support.get(ITEMS, {"q": term}).content.decode()) == [refused.pk]
    assert links_to_items(support.get(ITEMS, {"q": "JOB"}).content.decode()) == []


def test_the_start_page_asks_for_what_support_has_in_hand(refused: ImportItem, support: Client) -> None:
    page = support.get("/admin/").content.decode()

    assert f'<form action="{ITEMS}" method="get" role="search"' in page
    assert links_to_items(page) == [refused.pk]
    assert "validation_failed" in page


def test_the_page_of_an_item_shows_reason_fault_and_payload_side_by_side(
    refused: ImportItem, support: Client
) -> None:
    page = support.get(path_of(ImportItem, "change", refused.pk)).content.decode()

    for text in ("validation_failed", "One or more fields are invalid.", FAULT["message"], "erp-4711"):
        assert text in page
    assert '<mark class="ord-fault">    &quot;dueDate&quot;: &quot;2026-13-40&quot;</mark>' in page
    assert "&lt;b&gt;Prüfen&lt;/b&gt;" in page
    assert "<b>Prüfen</b>" not in page
    assert path_of(ImportJob, "change", refused.job_id) in page


def test_the_list_names_the_first_fault_and_how_many_more_there_are(
    refused: ImportItem, support: Client
) -> None:
    refused.errors = [FAULT, FAULT, FAULT]
    refused.save()

    page = support.get(ITEMS).content.decode()

    expected = "validation_failed: planning.dueDate, Must be a date in the form YYYY-MM-DD. (and 2 more)"
    assert expected in page


def test_a_job_is_found_by_correlation_id_number_batch_id_and_external_id(
    refused: ImportItem, erp: IntegrationClient, support: Client
) -> None:
    job_of(erp, correlation_id="another", batch_id="night-2")
    ImportJob.objects.filter(pk=refused.job_id).update(batch_id="night-1")

    for term in ("erp-4711", str(refused.job_id), "night-1", "JOB-77"):
        page = support.get("/admin/imports/importjob/", {"q": term}).content.decode()
        assert re.findall(r'href="/admin/imports/importjob/(\d+)/change/', page) == [str(refused.job_id)]


def test_the_page_of_a_job_shows_counters_and_leads_to_the_refused_items(
    refused: ImportItem, support: Client
) -> None:
    page = support.get(path_of(ImportJob, "change", refused.job_id)).content.decode()

    href = f"{ITEMS}?job__id__exact={refused.job_id}&amp;status__exact=Rejected"
    assert "1 rejected" in page
    assert href in page
    assert links_to_items(support.get(href.replace("&amp;", "&")).content.decode()) == [refused.pk]


def test_a_job_with_many_items_shows_them_by_pages(erp: IntegrationClient, support: Client) -> None:
    job = job_of(erp, kind="batch", correlation_id="c", total_items=60, created_items=60)
    ImportItem.objects.bulk_create(
        ImportItem(
            tenant=job.tenant,
            job=job,
            index=n,
            place=n,
            external_id=f"I-{n}",
            status="Imported",
            result="Created",
            payload={},
        )
        for n in range(60)
    )

    page = support.get(path_of(ImportJob, "change", job.pk)).content.decode()

    assert len(links_to_items(page)) == 25


def test_nobody_edits_what_was_sent(refused: ImportItem, operator: Client) -> None:
    for model, pk in ((ImportItem, refused.pk), (ImportJob, refused.job_id)):
        assert operator.get(path_of(model, "add")).status_code == 403
        assert operator.post(path_of(model, "change", pk), {"external_id": "x"}).status_code == 403
        assert operator.post(path_of(model, "delete", pk), {"post": "yes"}).status_code == 403


def test_a_review_shows_what_came_the_candidates_and_how_many_wait(ours: Rows, support: Client) -> None:
    review = ours[MappingReview]

    page = support.get(path_of(MappingReview, "change", review.pk)).content.decode()

    assert "Several customers fit" in page
    assert path_of(Customer, "change", ours[Customer].pk) in page
    assert path_of(ImportItem, "change", ours[ImportItem].pk) in page
    assert "<dt>Waiting targets</dt><dd>1</dd>" in page


def test_a_target_names_the_imports_that_touched_it(ours: Rows, support: Client) -> None:
    page = support.get(path_of(Target, "change", ours[Target].pk)).content.decode()

    assert path_of(ImportItem, "change", ours[ImportItem].pk) in page
    assert path_of(ImportJob, "change", ours[ImportJob].pk) in page


def test_empty_lists_offer_the_next_step(tenant: Tenant, log_in: LogIn) -> None:
    browser = log_in()

    assert "Issue a key to an integration client" in browser.get("/admin/targets/target/").content.decode()
    assert "Add customer" in browser.get("/admin/customers/customer/").content.decode()
    nothing = browser.get("/admin/targets/target/", {"q": "zzz"}).content.decode()
    assert "No target was found for “zzz”." in nothing
    start = browser.get("/admin/").content.decode()
    assert "Add an integration client" in start
