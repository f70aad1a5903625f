"""Collected files: names that change with the content, but for those that phones have kept pages of."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.templatetags.static import static
from django.test import Client, override_settings

from ordinavo import media

# An answer that is closed looks after its connection.
pytestmark = pytest.mark.django_db

HASHED = re.compile(r"\.[0-9a-f]{12}\.")


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """All static files of all packages, as `collectstatic` puts them in production."""
    folder = tmp_path_factory.mktemp("collected")
    storages = media.storages(from_source=False)
    with override_settings(STATIC_ROOT=folder, STORAGES=storages, WHITENOISE_USE_FINDERS=False):
        call_command("collectstatic", "--noinput", verbosity=0)
        yield folder


def _kept_for(path: str) -> str:
    answer = Client().get(path)
    answer.close()
    assert answer.status_code == 200
    return str(answer.headers["Cache-Control"])


def test_a_file_that_changes_gets_another_name_and_is_kept_for_ever(collected: Path) -> None:
    found = static("ordinavo/admin.css")
    assert HASHED.search(found)
    assert (collected / found.removeprefix("/static/")).is_file()
    assert _kept_for(found) == "max-age=315360000, public, immutable"


def test_pages_that_a_phone_has_kept_find_their_files_after_an_update(collected: Path) -> None:
    folder = Path("targets/visits/static/ordinavo/myday")
    names = {path.name for path in folder.iterdir()}
    assert {static(f"ordinavo/myday/{name}") for name in names} == {
        f"/static/ordinavo/myday/{name}" for name in names
    }
    kept = (collected / "ordinavo/myday/myday.js").read_bytes()
    assert kept == (folder / "myday.js").read_bytes()
    assert _kept_for("/static/ordinavo/myday/myday.js") == "max-age=60, public"


def test_style_sheets_name_their_pictures_as_they_are_stored(collected: Path) -> None:
    sheet = (collected / static("ordinavo/vendor/leaflet/leaflet.css").removeprefix("/static/")).read_text()
    pictures = set(re.findall(r'url\("?(images/[^)"]+)"?\)', sheet))
    assert pictures
    folder = collected / "ordinavo/vendor/leaflet"
    assert all(HASHED.search(name) and (folder / name).is_file() for name in pictures)
