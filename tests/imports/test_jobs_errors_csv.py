"""`GET /import-jobs/{id}/errors.csv`: a file for people, which no spreadsheet takes for a program."""

import csv
import io
import json
from typing import Any

import pytest

from tests.api import Api
from tests.imports.batching import accepted, done, many, one

pytestmark = pytest.mark.django_db
HEAD = ["index", "externalId", "code", "message", "path", "payload"]


def _text(answer: Any) -> str:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).decode()


def _lines(api: Api, job_id: int) -> list[list[str]]:
    return list(csv.reader(io.StringIO(_text(api.get(f"/import-jobs/{job_id}/errors.csv")), newline="")))


def test_the_file_has_a_line_per_fault_by_index(api: Api) -> None:
    twice = one(1, title=5, planning={"estimatedWorkMinutes": 0})
    job_id = done(api, [one(0), twice, one(2, operation="update"), {"title": 'Ä;\n"x"'}])
    minutes = "Must be at least 1."
    assert _lines(api, job_id) == [
        HEAD,
        ["1", "T-1", "invalid", "Must be a string.", "title", json.dumps(twice, separators=(",", ":"))],
        ["1", "T-1", "min_value", minutes, "planning.estimatedWorkMinutes", _lines(api, job_id)[1][5]],
        [
            *(
                "2",
                "T-2",
                "unknown_external_id",
                "No target has this external id; upsert or create makes one.",
                "externalId",
            ),
            '{"externalId":"T-2","title":"Visit","operation":"update"}',
        ],
        [
            *(
                "3",
                "",
                "missing_external_id",
                "externalId is missing: send your own id, 1 to 128 characters.",
                "externalId",
            ),
            '{"title":"Ä;\\n\\"x\\""}',
        ],
    ]


def test_the_file_has_a_name_a_type_and_a_correlation_id(api: Api) -> None:
    job_id = done(api, [one(1, title=5)])
    answer = api.get(f"/import-jobs/{job_id}/errors.csv", X_Correlation_Id="mine")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    name = f'attachment; filename="import-job-{job_id}-errors.csv"'
    assert answer.headers["Content-Disposition"] == name
    assert answer.headers["X-Correlation-Id"] == "mine"
    assert _text(answer).count("\r\n") == 2


def test_a_job_without_refusals_has_a_head_only(api: Api) -> None:
    assert _lines(api, done(api, [one(1)])) == [HEAD]


def test_a_running_job_tells_what_was_refused_so_far(api: Api) -> None:
    job_id = accepted(api, [one(1), one(2, title=5)])
    assert [line[0] for line in _lines(api, job_id)] == ["index", "1"]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_cells_that_look_like_formulas_are_defused(api: Api, sign: str) -> None:
    evil = f"{sign}cmd|'/C calc'!A0"
    job_id = done(api, [{"externalId": evil, "title": 5}, -5])
    first, second = _lines(api, job_id)[1:]
    assert first[1] == f"'{evil}"
    assert second[5] == "'-5"
    assert not any(cell.startswith(sign) for line in (first, second) for cell in line)


def test_hundreds_of_lines_are_streamed(api: Api) -> None:
    job_id = done(api, many(1200, title=5))
    lines = _lines(api, job_id)
    assert [line[0] for line in lines[1:]] == [str(number) for number in range(1200)]


@pytest.mark.parametrize("accept", ["text/csv", "*/*", "application/json", "text/*", "text/csv, */*;q=0.1"])
def test_whoever_takes_csv_or_json_gets_the_file(api: Api, accept: str) -> None:
    job_id = done(api, [one(1, title=5)])
    answer = api.get(f"/import-jobs/{job_id}/errors.csv", Accept=accept)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert _text(answer).startswith("index,externalId,")


@pytest.mark.parametrize("accept", ["text/csv", "*/*", "application/json"])
def test_errors_are_json_whatever_is_accepted(api: Api, accept: str) -> None:
    answer = api.get("/import-jobs/1/errors.csv", Accept=accept)
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/json")
    assert answer.json()["error"]["code"] == "not_found"


def test_whoever_takes_neither_is_refused(api: Api) -> None:
    job_id = done(api, [one(1)])
    answer = api.get(f"/import-jobs/{job_id}/errors.csv", Accept="image/png")
    assert (answer.status_code, answer.headers["Content-Type"]) == (406, "application/json")
