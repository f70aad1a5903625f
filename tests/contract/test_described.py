"""The judge itself: it must not wave anything through."""

import json
from typing import Any

import pytest
from django.http import JsonResponse

from tests.contract.described import Described

HEALTH = {
    "status": "ok",
    "apiVersion": "v1",
    "environment": "live",
    "integrationClient": "ERP",
    "sourceSystem": "erp",
    "scopes": [],
    "serverTimeUtc": "2026-06-18T16:40:00Z",
}


def health(code: int = 200, headers: dict[str, str] | None = None, **members: Any) -> JsonResponse:
    sent = {"X-Correlation-Id": "mine"} if headers is None else headers
    return JsonResponse({**HEALTH, **members}, status=code, headers=sent)


def test_a_true_answer_passes(described: Described) -> None:
    described.check(health(), "get", "/integration/health")


@pytest.mark.parametrize(
    "answer",
    [
        health(surprise=1),
        health(status="fine"),
        health(scopes="all"),
        health(serverTimeUtc="yesterday"),
        health(headers={}),
        health(code=201),
    ],
    ids=["undeclared member", "unknown word", "wrong type", "no instant", "header missing", "unknown status"],
)
def test_an_untrue_answer_fails(described: Described, answer: JsonResponse) -> None:
    with pytest.raises(AssertionError):
        described.check(answer, "get", "/integration/health")


def test_a_missing_member_and_an_undeclared_one_deep_inside_fail(described: Described) -> None:
    accepted = {"$ref": "#/components/schemas/ImportAccepted"}
    example = described.document["paths"]["/inbound/targets"]["post"]["responses"]["202"]["content"]
    value = dict(next(iter(example["application/json"]["examples"].values()))["value"])
    assert described.faults(value, accepted) == []
    deep = json.loads(json.dumps(value))
    deep["items"][0]["customerMapping"]["details"]["customer"]["secret"] = 1
    assert len(described.faults(deep, accepted)) == 1
    del value["links"]
    assert described.faults(value, accepted) == ["$: 'links' is a required property"]


def test_an_error_with_a_code_that_is_not_listed_fails(described: Described) -> None:
    error = {"code": "item_rejected", "message": "No.", "correlationId": "mine"}
    answer = JsonResponse({"error": error}, status=404, headers={"X-Correlation-Id": "mine"})
    with pytest.raises(AssertionError):
        described.check(answer, "get", "/import-jobs/{jobId}")
