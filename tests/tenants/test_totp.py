"""Codes of authenticator apps, by the examples of RFC 6238."""

import pytest

from ordinavo.tenants import totp

SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ],
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    assert totp.code_of(SECRET, totp.step_at(seconds)) == code


@pytest.mark.parametrize(
    ("late", "is_taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)]
)
def test_a_clock_may_be_half_a_minute_off(late: int, is_taken: bool) -> None:
    now = 1_234_567_890
    code = totp.code_of(SECRET, totp.step_at(now + late))

    assert (totp.matching_step(SECRET, code, seconds=now) is not None) is is_taken


@pytest.mark.parametrize(
    "code", ["", "5924", "00592", "0059240", "abcdef", "\uff10\uff10\uff15\uff19\uff12\uff14", "\x00"]
)
def test_whatever_else_is_typed_is_no_code(code: str) -> None:
    assert totp.matching_step(SECRET, code, seconds=1_234_567_890) is None


def test_an_app_is_told_all_it_needs() -> None:
    address = totp.address_of(SECRET, account="anna@x.example")

    assert address == (
        "otpauth://totp/Ordinavo%20Connect:anna%40x.example"
        "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Ordinavo%20Connect&digits=6&period=30"
    )


def test_secrets_are_long_and_differ() -> None:
    assert len({totp.new_secret() for _ in range(20)}) == 20
    assert len(totp.new_secret()) == 20
