"""What a batch costs in statements: the same whatever its length."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from targets.imports.models import ImportItem
from targets.imports.pipeline.chunk import work_chunk
from tests import factories
from tests.api import Api
from tests.imports.batching import accepted, many, send, whole

pytestmark = pytest.mark.django_db


def _statements(api: Api, sent: list[dict[str, Any]]) -> int:
    job_id = accepted(api, sent)
    with CaptureQueriesContext(connection) as captured:
        assert work_chunk(job_id) is False
    assert len(ImportItem.objects.filter(job=job_id, status="Imported")) == len(sent)
    return len(captured)


@pytest.mark.parametrize("kind", ["new", "unchanged", "changed", "cancelled"])
def test_the_statements_of_a_chunk_do_not_depend_on_its_length(kind: str) -> None:
    def cost(count: int) -> int:
        client = factories.client(factories.tenant(), **factories.ALL_SWITCHES)
        api, sent = Api(client), [whole(number) for number in range(count)]
        first = _statements(api, sent)
        if kind == "new":
            return first
        changes: dict[str, dict[str, Any]] = {
            "unchanged": {},
            "changed": {"title": "Other", "customer": {"externalId": "C-0", "name": "Renamed"}},
            "cancelled": {"operation": "cancel"},
        }
        return _statements(api, [item | changes[kind] for item in sent])

    assert cost(2) == cost(40) == cost(200)


def test_a_batch_is_stored_with_the_same_statements_whatever_its_length(api: Api) -> None:
    def cost(count: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert send(api, many(count)).status_code == 202
        return len(captured)

    cost(1)
    assert cost(1) == cost(300)
