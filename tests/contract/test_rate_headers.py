"""Section 4 of the contract, as the document tells it."""

from tests.contract.described import Described

RATE = {"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"}


def test_every_operation_with_a_key_tells_of_the_limit_and_of_running_into_it(described: Described) -> None:
    checked = 0
    for path, operations in described.document["paths"].items():
        for method, operation in operations.items():
            if not operation["security"]:
                continue
            checked += 1
            answers = {code: described.resolved(one) for code, one in operation["responses"].items()}
            assert RATE | {"Retry-After"} <= set(answers["429"]["headers"]), (method, path)
            good = [one for code, one in answers.items() if code < "400"]
            assert good
            assert all(set(one["headers"]) >= RATE for one in good), (method, path)
    assert checked > 25


def test_pages_without_a_key_have_no_limit(described: Described) -> None:
    public = [
        operation
        for operations in described.document["paths"].values()
        for operation in operations.values()
        if not operation["security"]
    ]
    assert public
    for operation in public:
        assert "429" not in operation["responses"]
