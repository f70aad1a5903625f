"""Short words for tests of batches: send one, work it off as a worker would, read what became of it."""

from typing import Any

from targets.imports.pipeline.chunk import work_chunk
from tests.api import BASE, Api

PATH = "/inbound/targets/batch"
ONLY = "?validateOnly=true"
COUNTERS = {
    f"{name}Items": 0
    for name in (
        *("total", "pending", "created", "updated", "unchanged", "cancelled", "rejected", "skipped"),
        *("warning", "needsReview"),
    )
}


def one(number: int | str = 1, **members: Any) -> dict[str, Any]:
    """A target that says no more than it must."""
    return {"externalId": f"T-{number}", "title": "Visit", **members}


def whole(number: int, **members: Any) -> dict[str, Any]:
    """A target with records of its own."""
    return one(
        number,
        customer={"externalId": f"C-{number}", "customerNumber": f"N-{number}", "name": f"Customer {number}"},
        location={"externalId": f"L-{number}", "name": "Werk", "city": "Essen", "country": "DE"},
        contact={"externalId": f"K-{number}", "displayName": "Anna", "email": f"a{number}@example.com"},
        **members,
    )


def many(count: int, **members: Any) -> list[dict[str, Any]]:
    """That many targets."""
    return [one(number, **members) for number in range(count)]


def send(api: Api, items: Any, /, *, query: str = "", key: str = "", **members: Any) -> Any:
    """Send a batch; the answer as it came. `members` stand beside the items."""
    headers = {"Idempotency_Key": key} if key else {}
    return api.post(PATH + query, {"items": items, **members}, **headers)


def accepted(api: Api, items: Any, /, **options: Any) -> int:
    """Send a batch; the id of its job, on which nobody has worked yet."""
    answer = send(api, items, **options)
    assert answer.status_code == 202, answer.content
    return int(answer.json()["importJobId"])


def work(job_id: int) -> int:
    """Work off a job; how many chunks it took."""
    chunks = 1
    while work_chunk(job_id):
        chunks += 1
    return chunks


def done(api: Api, items: Any, /, **options: Any) -> int:
    """Send a batch and work it off; the id of its job."""
    job_id = accepted(api, items, **options)
    work(job_id)
    return job_id


def job(api: Api, job_id: int) -> dict[str, Any]:
    """The job as it is read."""
    answer = api.get(f"/import-jobs/{job_id}")
    assert answer.status_code == 200, answer.content
    body: dict[str, Any] = answer.json()
    return body


def counted(job: dict[str, Any]) -> dict[str, int]:
    """The counters of a job that are not zero."""
    total, *parts = list(COUNTERS)[:8]
    assert job[total] == sum(job[part] for part in parts)
    return {name: job[name] for name in COUNTERS if job[name]}


def items(api: Api, job_id: int, query: str = "") -> list[dict[str, Any]]:
    """All items of a job, page by page."""
    found: list[dict[str, Any]] = []
    path: str | None = f"/import-jobs/{job_id}/items?pageSize=200{query}"
    while path:
        page = api.get(path.removeprefix(BASE)).json()
        found += page["results"]
        path = page["next"]
    return found


def fate(item: dict[str, Any]) -> str:
    """Result, error code or status of an item, with its warnings."""
    what = item.get("result") or item.get("errorCode") or item["status"]
    return " ".join([what, *(warning["code"] for warning in item.get("warnings", ()))])


def fates(api: Api, job_id: int) -> list[str]:
    """What became of each item of a job."""
    return [fate(item) for item in items(api, job_id)]
