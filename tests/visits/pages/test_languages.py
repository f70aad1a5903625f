"""MyDay in German and English."""

import re

import pytest
from django.test import Client

from targets.visits.models import Employee
from tests.visits.pages import catalog
from tests.visits.pages.stops import begun, known_target, stop
from tests.visits.phones import phone

_PLACES = re.compile(r"%\(\w+\)s")


def test_every_text_is_in_the_german_catalogue_and_none_is_left_over() -> None:
    assert catalog.said() == set(catalog.written())


def test_every_text_is_translated_with_the_same_places_for_values() -> None:
    for text, translations in catalog.written().items():
        assert all(translations), text
        for german in translations:
            assert sorted(_PLACES.findall(german)) == sorted(_PLACES.findall(text)), text


def test_what_is_compiled_is_what_is_written() -> None:
    assert catalog.compiled() == catalog.written()


@pytest.mark.django_db
def test_the_employees_choice_comes_before_what_the_phone_asks_for(ada: Employee, mobile: Client) -> None:
    page = mobile.get("/myday/", headers={"Accept-Language": "de"}).content.decode()
    assert '<html lang="en">' in page
    assert "Nothing is planned for you today." in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "lang", "sentence"),
    [
        ("de-AT,de;q=0.9", "de", "Für heute ist nichts geplant."),
        ("fr", "en", "Nothing is planned for you today."),
        ("", "en", "Nothing is planned for you today."),
    ],
)
def test_without_a_choice_the_phone_decides(ada: Employee, asked: str, lang: str, sentence: str) -> None:
    ada.language = ""
    ada.save()
    page = phone(ada).get("/myday/", headers={"Accept-Language": asked}).content.decode()
    assert f'<html lang="{lang}">' in page
    assert sentence in page


@pytest.mark.django_db
def test_a_refusal_speaks_german_too(ada: Employee) -> None:
    ada.language = "de"
    ada.save()
    one = begun(ada, of=known_target(ada.tenant))
    cancelled = stop(ada, status="Cancelled")
    mobile = phone(ada)
    assert "Sie sind hier" in mobile.get(f"/myday/stops/{one.pk}/").content.decode()
    refused = mobile.post(f"/myday/stops/{cancelled.pk}/start/", {"key": "k"})
    assert refused.status_code == 409
    assert "Dieser Termin wurde abgesagt. Dort ist nichts mehr zu tun." in refused.content.decode()
