"""Reading import jobs and their items, by tenant and client."""

from django.db.models import QuerySet

from integrations.models import IntegrationClient
from ordinavo.kernel.errors import NotFound
from targets.imports.models import ImportItem, ImportJob


def job_of(*, client: IntegrationClient, job_id: int) -> ImportJob:
    """Return a job that this client made; anybody else's is not found."""
    job = jobs_of(client).filter(id=job_id).first()
    if job is None:
        raise NotFound("There is no import job with this id.")
    return job


def items_of(job: ImportJob) -> QuerySet[ImportItem]:
    """Return the items of a job, without what was sent."""
    return ImportItem.objects.filter(tenant=job.tenant_id, job=job).defer("payload", "draft")


def items_to_retry(job: ImportJob) -> QuerySet[ImportItem]:
    """Return the refused and skipped items of a job by index, with what was sent."""
    again = (ImportItem.Status.REJECTED, ImportItem.Status.SKIPPED)
    rows = ImportItem.objects.filter(tenant=job.tenant_id, job=job, status__in=again)
    return rows.only("index", "place", "payload").order_by("index")


def jobs_of(client: IntegrationClient) -> QuerySet[ImportJob]:
    """Return the jobs that this client made."""
    return ImportJob.objects.filter(tenant=client.tenant_id, client=client)
