"""HOST and PORT: nonsense and taken ports are one sentence."""

import socket

import pytest

from ordinavo.local.address import Address, address_of, refuse_taken
from ordinavo.local.refusal import Refusal


@pytest.mark.parametrize(
    "port",
    ["0", "65536", "-1", "8000.0", "http", " ", "\N{FULLWIDTH DIGIT EIGHT}", "1e3", "99999999999999999999"],
)
def test_a_nonsense_port_is_one_sentence(port: str) -> None:
    with pytest.raises(Refusal) as refused:
        address_of({"PORT": port})
    assert str(refused.value) == f"PORT must be a whole number from 1 to 65535, not {port!r}."


def test_without_host_and_port_it_is_the_loopback_and_8000() -> None:
    assert address_of({}) == address_of({"HOST": "", "PORT": ""}) == Address(host="127.0.0.1", port=8000)
    assert address_of({"HOST": "::1", "PORT": "81"}).url == "http://[::1]:81"
    assert address_of({"HOST": "0.0.0.0", "PORT": "81"}).url == "http://127.0.0.1:81"  # noqa: S104


def test_a_taken_port_is_one_sentence_that_names_another() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Refusal) as refused:
            refuse_taken(Address(host="127.0.0.1", port=port))
    assert str(refused.value).startswith(f"Port {port} is taken: end what uses it, or choose another one")
    refuse_taken(Address(host="127.0.0.1", port=port))


@pytest.mark.parametrize("host", ["203.0.113.7", "no such host", "1.2.3.4.5"])
def test_an_address_that_is_not_this_machines_is_one_sentence(host: str) -> None:
    with pytest.raises(Refusal) as refused:
        refuse_taken(Address(host=host, port=8000))
    assert str(refused.value) == f"HOST must be an address of this machine, not {host!r}."
