"""Which targets a client means when it asks for routes."""

from collections.abc import Mapping, Sequence
from typing import Any

from integrations.models import IntegrationClient
from ordinavo.kernel.errors import Conflict, Detail, NotFound, ValidationFailed
from targets.imports.models import ImportItem, ImportJob
from targets.imports.selectors.jobs import job_of
from targets.models import Target

# More would make an answer that nobody reads.
_MOST_DETAILS = 100
_INVALID = "One or more fields are invalid."


def targets_of_job(job: ImportJob) -> list[int]:
    """Return the ids of the targets that an import job created, changed, cancelled or found unchanged."""
    items = ImportItem.objects.filter(tenant=job.tenant_id, job=job, status=ImportItem.Status.IMPORTED)
    found = items.filter(target_id__isnull=False).values_list("target_id", flat=True).distinct()
    return sorted(pk for pk in found if pk is not None)


def named_job(client: IntegrationClient, job_id: int, *, most: int) -> list[int]:
    """Return the targets of a client's finished job.

    `Conflict` while it runs; `ValidationFailed` if there is no such job, or it has none or too many targets.
    """
    try:
        job = job_of(client=client, job_id=job_id)
    except NotFound as missing:
        raise _invalid(Detail("importJobId", "not_found", missing.message)) from None
    if job.finished_at is None:
        raise Conflict("The import job is still running. Ask again when it has ended.", importJobId=job.pk)
    found = [] if job.validate_only else targets_of_job(job)
    if not found:
        raise _invalid(Detail("importJobId", "no_targets", "The import job imported no target."))
    if len(found) > most:
        message = f"The import job has {len(found):,} targets; a suggestion plans at most {most:,}."
        raise _invalid(Detail("importJobId", "too_many_targets", message))
    return found


def named_targets(client: IntegrationClient, ids: Sequence[int]) -> list[int]:
    """Return the ids, if all are of targets of the client's source system; those named twice count once."""
    return _all_found(_own(client, "id", ids), ids, path="targetIds")


def named_externally(client: IntegrationClient, external_ids: Sequence[str]) -> list[int]:
    """Return the ids of the source system's targets with these external ids, if there are all of them."""
    return _all_found(_own(client, "external_id", external_ids), external_ids, path="targetExternalIds")


def _own(client: IntegrationClient, column: str, values: Sequence[Any]) -> dict[Any, int]:
    rows = Target.objects.filter(tenant=client.tenant_id, source_system=client.source_system_id)
    return dict(rows.filter(**{f"{column}__in": set(values)}).values_list(column, "id"))


def _all_found(found: Mapping[Any, int], asked: Sequence[Any], *, path: str) -> list[int]:
    missing = [
        Detail(f"{path}.{index}", "not_found", "Your source system has no such target.")
        for index, value in enumerate(asked)
        if value not in found
    ]
    if missing:
        raise _invalid(*missing[:_MOST_DETAILS])
    return sorted(found.values())


def _invalid(*details: Detail) -> ValidationFailed:
    return ValidationFailed(_INVALID, details=details)
