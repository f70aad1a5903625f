import pytest

from integrations.allowlist import admits


@pytest.mark.parametrize(
    ("networks", "address", "admitted"),
    [
        ([], "203.0.113.9", True),
        ([], "", True),
        (["203.0.113.0/24"], "203.0.113.9", True),
        (["203.0.113.0/24"], "203.0.114.9", False),
        (["203.0.113.9"], "203.0.113.9", True),
        (["203.0.113.9"], "203.0.113.10", False),
        (["198.51.100.0/24", "203.0.113.0/24"], "203.0.113.9", True),
        (["2001:db8::/32"], "2001:db8::1", True),
        (["2001:db8::/32"], "2001:db9::1", False),
        (["2001:db8::/32"], "203.0.113.9", False),
        (["203.0.113.0/24"], "2001:db8::1", False),
        (["::ffff:203.0.113.0/120"], "203.0.113.9", True),
        (["::ffff:203.0.113.0/120"], "203.0.114.9", False),
        (["::/0"], "203.0.113.9", False),
        (["0.0.0.0/0"], "203.0.113.9", True),
        (["203.0.113.0/24"], "", False),
    ],
)
def test_an_address_is_admitted_by_a_network_that_holds_it(
    networks: list[str], address: str, admitted: bool
) -> None:
    assert admits(networks, address) is admitted
