"""What staff can do with an import job: watch it, cancel it, send items again, download its errors."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from integrations.grants import MissingScope
from integrations.models import IntegrationClient
from integrations.scopes import Scope
from ordinavo.kernel.admin import audit
from ordinavo.kernel.errors import DomainError
from targets.imports.admin.job_live import live
from targets.imports.api.forms import judging
from targets.imports.errors import ItemRefused
from targets.imports.models import ImportJob
from targets.imports.pipeline.drafts import TargetDraft
from targets.imports.selectors.errors_csv import error_lines
from targets.imports.services.jobs import Judge, cancel_job, retry_job


class JobPage(Protocol):
    """What these pages need of the jobs' admin."""

    admin_site: Any
    opts: Any

    def get_object(self, request: HttpRequest, object_id: str) -> ImportJob | None:
        """Return the job if it is the tenant's own."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether the person may see jobs."""

    def may_steer(self, request: HttpRequest) -> bool:
        """Whether the person may cancel and retry."""


def watch(page: JobPage, request: HttpRequest, object_id: str) -> HttpResponse:
    """Return the part of the page that changes while the job runs; at the end the whole page is due."""
    job = _job(page, request, object_id)
    answer = TemplateResponse(request, "admin/imports/job_live.html", live(job))
    if job.finished_at is not None:
        answer.headers["HX-Refresh"] = "true"
    return answer


def errors_file(page: JobPage, request: HttpRequest, object_id: str) -> StreamingHttpResponse:
    """Stream one line per fault, as the API does."""
    job = _job(page, request, object_id)
    name = f"import-job-{job.pk}-errors.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(error_lines(job), content_type="text/csv; charset=utf-8", headers=headers)


def cancel(page: JobPage, request: HttpRequest, object_id: str) -> HttpResponse:
    """Ask once more, then skip what is not worked off yet."""
    job = _job(page, request, object_id, steering=True)

    def perform() -> str:
        ended = cancel_job(job=job)
        done = ended.total_items - ended.skipped_items
        audit.tell(request, ended, "cancelled", {"skipped": ended.skipped_items, "done": done})
        return f"The job is cancelled: {ended.skipped_items} items were skipped, {done} were done already."

    explanation = (
        f"{job.pending_items} items are not worked off yet; they will be skipped. What is done stays done. "
        "Skipped items can be sent again later."
    )
    return _ask(
        page,
        request,
        job,
        perform,
        title=f"Cancel import job {job.pk}",
        submit_text="Cancel the job",
        explanation=explanation,
        danger=True,
        away_text="Let it run",
    )


def retry(page: JobPage, request: HttpRequest, object_id: str) -> HttpResponse:
    """Ask once more, then send refused and skipped items again as a new job."""
    job = _job(page, request, object_id, steering=True)
    count = job.rejected_items + job.skipped_items

    def perform() -> str:
        return told(send_again(request, job))

    explanation = (
        f"{count} refused and skipped items become a new job, as they were sent. They keep their place in "
        "the order of requests: what came later stays on top."
    )
    title = f"Send the refused and skipped items of job {job.pk} again"
    return _ask(page, request, job, perform, title=title, submit_text="Send again", explanation=explanation)


@transaction.atomic
def send_again(request: HttpRequest, job: ImportJob, item_ids: list[int] | None = None) -> ImportJob:
    """Retry a job for staff, and write that down."""
    retried = retry_job(job=job, judge=_judge(job.client), item_ids=item_ids)
    audit.tell(request, job, "retried", {"newJob": retried.pk, "items": retried.total_items})
    return retried


def told(retried: ImportJob) -> str:
    """Return what happened, in a sentence."""
    return f"Import job {retried.pk} was made with {retried.total_items} items of job {retried.retry_of_id}."


def _judge(client: IntegrationClient) -> Judge:
    """Judge as the API would: what needs a scope that the client has lost is not sent again."""
    judge = judging(client)
    may_map = Scope.CUSTOMERS_MAP.value in client.scopes

    def judged(payload: Any) -> TargetDraft | ItemRefused:
        draft = judge(payload)
        if isinstance(draft, TargetDraft) and draft.records and not may_map:
            raise MissingScope(Scope.CUSTOMERS_MAP)
        return draft

    return judged


def _ask(
    page: JobPage, request: HttpRequest, job: ImportJob, perform: Callable[[], str], **context: Any
) -> HttpResponse:
    form, back = forms.Form(request.POST if request.method == "POST" else None), job_path(job)
    if form.is_valid():
        try:
            with transaction.atomic():
                messages.success(request, perform())
            return HttpResponseRedirect(back)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
    shared = page.admin_site.each_context(request)
    context = {**shared, "opts": page.opts, "original": job, "form": form, "back": back, **context}
    return TemplateResponse(request, "admin/simple_form.html", context)


def job_path(job: ImportJob) -> str:
    """Return the path of the job's page."""
    return reverse("admin:imports_importjob_change", args=[job.pk])


def _job(page: JobPage, request: HttpRequest, object_id: str, *, steering: bool = False) -> ImportJob:
    job = page.get_object(request, object_id)
    allowed: Sequence[bool] = (
        page.has_view_permission(request),
        page.may_steer(request) if steering else True,
    )
    if job is None or not all(allowed):
        raise Http404
    return job
