"""Short words for tests of the single import."""

from typing import Any

from targets.imports.models import ImportItem, ImportJob
from targets.models import Target
from tests.api import Api

PATH = "/inbound/targets"


def payload(**members: Any) -> dict[str, Any]:
    """A target that says no more than it must."""
    return {"externalId": "T-1", "title": "Visit", **members}


def send(api: Api, /, *, query: str = "", **members: Any) -> Any:
    """Send a target; the answer as it came."""
    return api.post(PATH + query, payload(**members))


def imported(answer: Any) -> dict[str, Any]:
    """The item of an accepted import."""
    assert answer.status_code == 202, answer.content
    item: dict[str, Any] = answer.json()["items"][0]
    return item


def result(answer: Any) -> str:
    """Created, Updated, Unchanged, Cancelled, or the code of the refusal."""
    if answer.status_code == 202:
        return str(imported(answer)["result"])
    error = assert_error_shape(answer)
    return f"{answer.status_code} {error['details'][0]['code']}" if "details" in error else str(error["code"])


def warnings(answer: Any) -> list[str]:
    """The codes of an imported item's warnings."""
    return [warning["code"] for warning in imported(answer)["warnings"]]


def assert_error_shape(answer: Any) -> dict[str, Any]:
    """Every refusal has the one shape; the error inside is returned."""
    body = answer.json()
    assert list(body) == ["error"]
    error: dict[str, Any] = body["error"]
    facts = {"requiredScope", "importJobId", "retryAfterSeconds", "details"}
    assert {"code", "message", "correlationId"} <= set(error) <= {"code", "message", "correlationId"} | facts
    assert error["correlationId"] == answer.headers["X-Correlation-Id"] != ""
    assert error["message"]
    for detail in error.get("details", []):
        assert set(detail) == {"path", "code", "message"}
        assert detail["code"]
        assert detail["message"]
    return error


def assert_nothing_stored() -> None:
    """Neither a job nor a target is there."""
    assert not ImportJob.objects.exists()
    assert not ImportItem.objects.exists()
    assert not Target.objects.exists()


def assert_job_tells(api: Api, answer: Any, sent: dict[str, Any], *, item_code: str) -> None:
    """The refusal is on record: polled through the API as anybody would, and in the rows."""
    error = answer.json()["error"]
    job_id = error["importJobId"]
    assert answer.headers["Location"] == f"/api/connect/v1/import-jobs/{job_id}"
    job = api.get(f"/import-jobs/{job_id}").json()
    assert (job["status"], job["totalItems"], job["rejectedItems"]) == ("Failed", 1, 1)
    assert job["correlationId"] == error["correlationId"]
    item = api.get(f"/import-jobs/{job_id}/items").json()["results"][0]
    external_id = sent.get("externalId")
    assert item == {
        "index": 0,
        "externalId": external_id[:128] if isinstance(external_id, str) else "",
        "status": "Rejected",
        "errorCode": item_code,
        "errorMessage": error["message"],
        "errors": error["details"],
        "warnings": [],
    }
    assert ImportJob.objects.count() == 1
    assert ImportItem.objects.get().payload == sent
    assert not Target.objects.exists()
