"""The machine's own resolver, a thread a name."""

import socket

import pytest

from ordinavo.kernel.outbound.names import Names
from tests.kernel.outbound.doors import opened, post, run
from tests.kernel.outbound.receivers import answer, receiving


def test_a_name_of_this_machine_is_found() -> None:
    async def work() -> None:
        found = await Names().resolve("localhost", 443, socket.AF_UNSPEC)
        assert {one["host"] for one in found} <= {"127.0.0.1", "::1"}
        assert {one["port"] for one in found} == {443}

    run(work)


@pytest.mark.parametrize("name", ["does-not-exist.invalid", "a" * 64 + ".example", "a..b"])
def test_a_name_that_is_not_found_is_an_error(name: str) -> None:
    async def work() -> None:
        with pytest.raises((OSError, ValueError)):
            await Names().resolve(name, 443, socket.AF_UNSPEC)

    run(work)


@pytest.mark.usefixtures("loopback")
def test_the_door_says_which_names_are_not_found_and_calls_the_others() -> None:
    async def work() -> None:
        async with receiving(answer(200)) as receiver, opened() as door:
            got = await post(door, "https://does-not-exist.invalid/")
            assert (got.status, got.error) == (None, "name_not_found")
            assert (await post(door, f"http://localhost:{receiver.port}/")).status == 200

    run(work)
