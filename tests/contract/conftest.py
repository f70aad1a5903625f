"""The document, made once for all tests."""

import pytest

from tests.contract.described import Described


@pytest.fixture(scope="session")
def described() -> Described:
    return Described()
