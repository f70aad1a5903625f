"""JSON text that is put together from parts is the encoder's, byte by byte."""

import pytest

from ordinavo.kernel.json_text import json_text, number_of, object_form, object_text, text_of, truth_of

STRANGE = 'Ärger "quoted" \\ / 100 % \x00\x1f\x7f\u2028 \U0001f600 </script>'


@pytest.mark.parametrize("text", ["", "Essen", STRANGE, None])
def test_a_text_is_written_as_the_encoder_writes_it(text: str | None) -> None:
    assert text_of(text) == json_text(text)


@pytest.mark.parametrize("number", [0, -1, 2**63 - 1, None])
def test_a_number_is_written_as_the_encoder_writes_it(number: int | None) -> None:
    assert number_of(number) == json_text(number)


def test_an_object_of_a_form_is_the_encoders() -> None:
    form = object_form("a", "100 %", 'b"')
    assert form % (number_of(1), text_of(STRANGE), truth_of(True)) == json_text(
        {"a": 1, "100 %": STRANGE, 'b"': True}
    )
    assert object_form() % () == json_text({})


def test_an_object_of_texts_is_the_encoders() -> None:
    parts = {"target": json_text({"id": 1}), STRANGE: truth_of(False), "none": text_of(None)}
    assert object_text(parts) == json_text({"target": {"id": 1}, STRANGE: False, "none": None})
    assert object_text({}) == json_text({})
