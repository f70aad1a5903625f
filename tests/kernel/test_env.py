import runpy
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from ordinavo import env

SETTINGS = Path(env.__file__).with_name("settings.py")


@pytest.fixture
def variable(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    return monkeypatch


def test_text_comes_without_surrounding_white_space(variable: pytest.MonkeyPatch) -> None:
    variable.setenv("NAME", "  a b \n")
    assert env.text("NAME", "x") == "a b"
    variable.delenv("NAME")
    assert env.text("NAME", "x") == "x"


@pytest.mark.parametrize(("raw", "value"), [("yes", True), ("no", False)])
def test_a_flag_is_yes_or_no(variable: pytest.MonkeyPatch, raw: str, value: bool) -> None:
    variable.setenv("NAME", raw)
    assert env.flag("NAME", default=not value) is value


@pytest.mark.parametrize("raw", ["maybe", "true", "1", "", "YES"])
def test_any_other_flag_is_refused_with_a_sentence(variable: pytest.MonkeyPatch, raw: str) -> None:
    variable.setenv("NAME", raw)
    with pytest.raises(ImproperlyConfigured, match=r"^NAME must be 'yes' or 'no', not "):
        env.flag("NAME", default=True)


@pytest.mark.parametrize("raw", ["0", "10", "007"])
def test_a_number_within_its_bounds_is_taken(variable: pytest.MonkeyPatch, raw: str) -> None:
    variable.setenv("NAME", raw)
    assert env.number("NAME", 5, minimum=0, maximum=10) == int(raw)


@pytest.mark.parametrize("raw", ["-1", "11", "1.5", "", "x", "٣", "1e1", "9" * 5000])
def test_any_other_number_is_refused_with_a_sentence(variable: pytest.MonkeyPatch, raw: str) -> None:
    variable.setenv("NAME", raw)
    with pytest.raises(ImproperlyConfigured, match=r"^NAME must be a whole number from 0 to 10, not "):
        env.number("NAME", 5, minimum=0, maximum=10)


def test_a_choice_is_one_of_its_options(variable: pytest.MonkeyPatch) -> None:
    variable.setenv("NAME", "b")
    assert env.choice("NAME", "a", options=("a", "b")) == "b"
    variable.setenv("NAME", "c")
    with pytest.raises(ImproperlyConfigured, match=r"^NAME must be one of a, b, not 'c'\.$"):
        env.choice("NAME", "a", options=("a", "b"))


def test_a_listing_has_no_empty_values(variable: pytest.MonkeyPatch) -> None:
    variable.setenv("NAME", " a, ,b,")
    assert env.listing("NAME") == ["a", "b"]


@pytest.mark.parametrize(
    ("name", "raw", "sentence"),
    [
        ("HTTPS", "maybe", "HTTPS must be 'yes' or 'no', not 'maybe'."),
        ("TRUSTED_PROXIES", "many", "TRUSTED_PROXIES must be a whole number from 0 to 10, not 'many'."),
        ("SECRET_KEY", "", "SECRET_KEY must be set: 50 or more random characters."),
        ("FIELD_KEYS", "x", "Key 1 of FIELD_KEYS must be 32 bytes in URL-safe base64."),
        ("DATABASE_URL", "mysql://x", "DATABASE_URL must start with postgresql://."),
        ("REDIS_URL", "http://x", "REDIS_URL must start with redis://, rediss:// or unix://."),
        ("PUBLIC_URL", "nonsense", "PUBLIC_URL must be like https://host.example.com, not 'nonsense'."),
        ("ROUTING_URL", "ftp://x", "ROUTING_URL must be like https://host.example.com, not 'ftp://x'."),
        ("METRICS_TOKEN", "short", "METRICS_TOKEN must have 16 or more characters and no spaces."),
        (
            "METRICS_TOKEN",
            "x" * 16,
            "METRICS_DIR must be set where METRICS_TOKEN is: the absolute path of a folder that web and "
            "workers of a machine share, best in memory (/run/ordinavo/metrics), not ''.",
        ),
        ("LOG_LEVEL", "LOUD", "LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR, not 'LOUD'."),
    ],
)
def test_nonsense_stops_the_start_with_one_sentence(
    variable: pytest.MonkeyPatch, name: str, raw: str, sentence: str
) -> None:
    variable.setenv("DATABASE_URL", "postgresql:///x")
    variable.setenv("SECRET_KEY", "x" * 50)
    variable.setenv("FIELD_KEYS", "A" * 43 + "=")
    variable.setenv(name, raw)
    with pytest.raises(ImproperlyConfigured) as refusal:
        runpy.run_path(str(SETTINGS))
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    "raw", ["", "https://a.example", "http://10.0.0.1:5000/x", "https://{s}.t.example/{z}/{x}.png"]
)
def test_an_address_on_the_web_is_taken_as_it_stands(variable: pytest.MonkeyPatch, raw: str) -> None:
    variable.setenv("NAME", raw)
    assert env.url("NAME") == raw


@pytest.mark.parametrize("raw", ["a.example", "ftp://a.example", "https://", "https:///x", "https://a b"])
def test_any_other_address_is_refused_with_a_sentence(variable: pytest.MonkeyPatch, raw: str) -> None:
    variable.setenv("NAME", raw)
    with pytest.raises(ImproperlyConfigured, match=r"^NAME must be like https://host\.example\.com, not "):
        env.url("NAME")
