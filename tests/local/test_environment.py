"""The environment of the product's processes: secrets are kept and private, the caller's own values win."""

import json
import re
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from ordinavo.local import environment
from ordinavo.local.environment import KNOWN, kept_secrets, local_environment, write_env
from ordinavo.local.refusal import Refusal


def test_secrets_are_made_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    first = kept_secrets(tmp_path)
    assert kept_secrets(tmp_path) == first
    assert set(first) == {"SECRET_KEY", "FIELD_KEYS"}
    assert len(first["SECRET_KEY"]) >= 50
    Fernet(first["FIELD_KEYS"])
    assert [(path.name, path.stat().st_mode & 0o777) for path in tmp_path.iterdir()] == [
        ("secrets.json", 0o600)
    ]


def test_secrets_that_cannot_be_read_are_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text("{")
    with pytest.raises(Refusal, match="is not JSON any more"):
        kept_secrets(tmp_path)
    assert (tmp_path / "secrets.json").read_text() == "{"


def test_what_the_caller_has_set_wins_and_what_is_empty_is_not_set() -> None:
    given = {"HTTPS": "yes", "REDIS_URL": "", "TERM": "", "LOG_LEVEL": "DEBUG"}
    made = local_environment(given, {"REDIS_URL": "redis://ours", "PORT": "8000"}, host="127.0.0.1")
    assert made == {
        "HTTPS": "yes",
        "REDIS_URL": "redis://ours",
        "TERM": "",
        "LOG_LEVEL": "DEBUG",
        "PORT": "8000",
        "EMBEDDED": "yes",
        "PYTHONUNBUFFERED": "1",
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
    }


@pytest.mark.parametrize(
    ("host", "added"),
    [("", ""), ("::", ""), ("192.0.2.7", ",192.0.2.7"), ("2001:db8::1", ",[2001:db8::1]")],
)
def test_the_host_that_is_bound_is_allowed(host: str, added: str) -> None:
    assert local_environment({}, {}, host=host)["ALLOWED_HOSTS"] == f"localhost,127.0.0.1,[::1]{added}"


def test_the_file_for_a_second_terminal_holds_settings_only_and_is_private(tmp_path: Path) -> None:
    write_env(tmp_path, {"DATABASE_URL": "postgresql:///x", "HTTPS": "no", "PATH": "/bin", "AWS_TOKEN": "x"})
    path = tmp_path / "env.json"
    assert json.loads(path.read_text()) == {"DATABASE_URL": "postgresql:///x", "HTTPS": "no"}
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_second_terminal_gets_all_that_the_settings_read() -> None:
    folder = Path(environment.__file__).parents[1]
    reader = re.compile(r'env\.(?:text|flag|number|choice|listing|url)\(\s*"([A-Z_]+)"')
    read = {name for file in folder.glob("*.py") for name in reader.findall(file.read_text())}
    assert sorted(KNOWN) == sorted(read)
