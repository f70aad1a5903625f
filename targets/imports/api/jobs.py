"""Import jobs: what became of a request, and what is to become of it."""

from http import HTTPStatus

from django.http import StreamingHttpResponse
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from integrations.grants import Grant, grant_of
from integrations.idempotency import idempotent
from integrations.scopes import Scope
from ordinavo.kernel.api import ApiView, row_id
from ordinavo.kernel.filters import filtered
from ordinavo.kernel.pagination import page_of
from ordinavo.kernel.renderer import ApiRenderer, CsvRenderer
from targets.imports.api.filters import ItemFilters, JobFilters
from targets.imports.api.forms import judging, require_mapping_scope
from targets.imports.api.outputs import item_out, job_out, job_path
from targets.imports.api.schema import operations
from targets.imports.models import ImportJob
from targets.imports.selectors.errors_csv import error_lines
from targets.imports.selectors.jobs import items_of, items_to_retry, job_of, jobs_of
from targets.imports.services.jobs import cancel_job, retry_job


def _job(request: Request, job_id: str) -> ImportJob:
    return job_of(client=grant_of(request).client, job_id=row_id(job_id))


class ImportJobs(ApiView):
    """The jobs of a client."""

    required_scopes = {"GET": Scope.IMPORT_JOBS_READ}

    @operations.list_import_jobs
    def get(self, request: Request) -> Response:
        """Return a page of jobs, newest first."""
        rows = filtered(JobFilters, request, jobs_of(grant_of(request).client))
        return Response(page_of(request, rows, keys=("id",), descending=True, render=job_out))


class ImportJobDetail(ApiView):
    """One job."""

    required_scopes = {"GET": Scope.IMPORT_JOBS_READ}

    @operations.get_import_job
    def get(self, request: Request, job_id: str) -> Response:
        """Return the job with its counters."""
        return Response(job_out(_job(request, job_id)))


class ImportJobItems(ApiView):
    """The items of a job."""

    required_scopes = {"GET": Scope.IMPORT_JOBS_READ}

    @operations.list_import_job_items
    def get(self, request: Request, job_id: str) -> Response:
        """Return a page of items by index."""
        grant: Grant = grant_of(request)
        rows = filtered(ItemFilters, request, items_of(_job(request, job_id)))
        return Response(
            page_of(request, rows, keys=("index",), descending=False, render=lambda row: item_out(row, grant))
        )


class ImportJobErrors(ApiView):
    """The refused items of a job as a file."""

    required_scopes = {"GET": Scope.IMPORT_JOBS_READ}
    renderer_classes = [CsvRenderer, ApiRenderer]

    def perform_content_negotiation(self, request: Request, force: bool = False) -> tuple[BaseRenderer, str]:
        """Take callers of CSV and of JSON; errors are JSON for both."""
        super().perform_content_negotiation(request, force)
        return ApiRenderer(), "application/json"

    @operations.get_import_job_errors
    def get(self, request: Request, job_id: str) -> StreamingHttpResponse:
        """Stream one line per fault."""
        job = _job(request, job_id)
        return StreamingHttpResponse(
            error_lines(job),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="import-job-{job.pk}-errors.csv"'},
        )


class ImportJobCancel(ApiView):
    """Ends a running job."""

    required_scopes = {"POST": Scope.TARGETS_BATCH_WRITE}

    @operations.cancel_import_job
    @idempotent
    def post(self, request: Request, job_id: str) -> Response:
        """Skip what is not worked off yet."""
        return Response(job_out(cancel_job(job=_job(request, job_id))))


class ImportJobRetry(ApiView):
    """Sends refused and skipped items again."""

    required_scopes = {"POST": Scope.TARGETS_BATCH_WRITE}

    def authorize_body(self, request: Request) -> None:
        """What is sent again needs the scopes that it needed at first; the client may have lost them."""
        grant = grant_of(request)
        if grant.allows(Scope.CUSTOMERS_MAP):
            return
        for item in items_to_retry(_job(request, self.kwargs["job_id"])).iterator():
            require_mapping_scope(item.payload, grant)

    @operations.retry_import_job
    @idempotent
    def post(self, request: Request, job_id: str) -> Response:
        """Return the new job."""
        job = retry_job(job=_job(request, job_id), judge=judging(grant_of(request).client))
        headers = {"Location": job_path(job.pk)}
        return Response(job_out(job), status=HTTPStatus.ACCEPTED, headers=headers)
