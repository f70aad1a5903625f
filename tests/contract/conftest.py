"""The document, made once for all tests."""

import json
from typing import Any

import pytest

from tests.api import Answer
from tests.contract.described import Check, Described


@pytest.fixture(scope="session")
def described() -> Described:
    return Described()


@pytest.fixture
def checked(described: Described) -> Check:
    """Checks an answer against the document and returns its body."""

    def check(answer: Answer, method: str, path: str, status: int, code: str = "") -> dict[str, Any]:
        assert answer.status_code == status, answer.content
        described.check(answer, method, path)
        body: dict[str, Any] = json.loads(answer.content)
        assert body.get("error", {}).get("code", "") == code
        return body

    return check
