"""A client may have so many batches waiting, and no more: what comes in faster than it is worked off."""

from django.conf import settings
from django.db import connection

from integrations.measures import LIMITED
from integrations.models import IntegrationClient
from integrations.refusals import RateLimited
from targets.imports.models import ImportJob

# Its own kind of advisory lock, beside those of idempotency keys, which have one number of 64 bits.
_KIND = 7_246
_RETRY_SECONDS = 10


def make_sure_of_room(client: IntegrationClient) -> None:
    """Raise `RateLimited` if the client's unfinished batches are as many as it may have.

    Until the end of the transaction the client's other batches wait, so that of many at once no more come in
    than there is room for.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashint8(%s))", [_KIND, client.pk])
    batches = ImportJob.objects.filter(client=client, kind=ImportJob.Kind.BATCH, finished_at=None)
    waiting = len(batches.values_list("pk")[: settings.UNFINISHED_BATCHES])
    if waiting >= settings.UNFINISHED_BATCHES:
        LIMITED.labels("batches").inc()
        raise RateLimited(
            f"{waiting} batches of this integration client are not finished yet; send more when they are.",
            retry_after=_RETRY_SECONDS,
        )
