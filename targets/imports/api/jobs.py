"""`GET /import-jobs/{id}` and its items: what became of a request."""

from rest_framework.request import Request
from rest_framework.response import Response

from integrations.grants import grant_of
from integrations.scopes import Scope
from ordinavo.kernel.api import ApiView, row_id
from ordinavo.kernel.pagination import page_of
from targets.imports.api.outputs import item_out, job_out
from targets.imports.api.schema import operations
from targets.imports.selectors.jobs import items_of, job_of


class ImportJobDetail(ApiView):
    """One job."""

    required_scopes = {"GET": Scope.IMPORT_JOBS_READ}

    @operations.get_import_job
    def get(self, request: Request, job_id: str) -> Response:
        """Return the job with its counters."""
        return Response(job_out(job_of(client=grant_of(request).client, job_id=row_id(job_id))))


class ImportJobItems(ApiView):
    """The items of a job."""

    required_scopes = {"GET": Scope.IMPORT_JOBS_READ}

    @operations.list_import_job_items
    def get(self, request: Request, job_id: str) -> Response:
        """Return a page of items by index."""
        grant = grant_of(request)
        job = job_of(client=grant.client, job_id=row_id(job_id))
        page = page_of(
            request,
            items_of(job),
            key="index",
            descending=False,
            render=lambda item: item_out(item, grant),
        )
        return Response(page)
