from datetime import timedelta

from django.utils import timezone

from integrations.models import IdempotencyRecord, IntegrationClient
from integrations.tasks import PRUNE_STEP, prune_idempotency_records


def _records(client: IntegrationClient, count: int, *, age: timedelta) -> None:
    IdempotencyRecord.objects.bulk_create(
        IdempotencyRecord(
            tenant=client.tenant,
            client=client,
            method="POST",
            path=f"/{age}",
            key=str(number),
            request_digest=b"",
            status=202,
            answer=b"",
        )
        for number in range(count)
    )
    IdempotencyRecord.objects.filter(path=f"/{age}").update(created_at=timezone.now() - age)


def test_answers_past_their_time_are_deleted_and_younger_ones_stay(erp: IntegrationClient) -> None:
    _records(erp, 3, age=timedelta(hours=48, minutes=1))
    _records(erp, 2, age=timedelta(hours=47, minutes=59))
    assert prune_idempotency_records() == 3
    assert IdempotencyRecord.objects.count() == 2
    assert prune_idempotency_records() == 0


def test_many_are_deleted_in_small_steps(erp: IntegrationClient) -> None:
    _records(erp, PRUNE_STEP + 1, age=timedelta(days=3))
    assert prune_idempotency_records() == PRUNE_STEP + 1
    assert not IdempotencyRecord.objects.exists()
