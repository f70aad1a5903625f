import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from ordinavo.kernel.crypto import decrypt, encrypt, validate_keys

NEW, OLD = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def test_what_is_encrypted_comes_back_and_shows_nothing() -> None:
    token = encrypt(b"whsec_secret")
    assert b"secret" not in token
    assert decrypt(token) == b"whsec_secret"
    assert encrypt(b"whsec_secret") != token


def test_an_old_key_still_opens_and_the_first_one_closes(settings: Settings) -> None:
    settings.FIELD_KEYS = [OLD]
    token = encrypt(b"x")
    settings.FIELD_KEYS = [NEW, OLD]
    assert decrypt(token) == b"x"
    newer = encrypt(b"x")
    settings.FIELD_KEYS = [NEW]
    assert decrypt(newer) == b"x"
    with pytest.raises(InvalidToken):
        decrypt(token)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ([], "FIELD_KEYS must hold at least one key of 32 bytes in URL-safe base64."),
        ([NEW, "short"], "Key 2 of FIELD_KEYS must be 32 bytes in URL-safe base64."),
        ([NEW, "é" * 44], "Key 2 of FIELD_KEYS must be 32 bytes in URL-safe base64."),
        ([NEW[:-4]], "Key 1 of FIELD_KEYS must be 32 bytes in URL-safe base64."),
    ],
)
def test_keys_that_are_none_are_refused_without_naming_them(keys: list[str], message: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        validate_keys(keys)
    assert str(refusal.value) == message
