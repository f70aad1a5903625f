"""JSON of our own: compact, without loss, and nothing that is no JSON."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from ordinavo.kernel.json_text import json_text, json_value

STRANGE = 'Ärger "quoted" \\ / 100 % \x00\x1f\x7f\u2028 \U0001f600 </script>'


def test_text_comes_back_as_it_was() -> None:
    assert json_value(json_text({STRANGE: [STRANGE, 2**53, -0.1, True, None, {}]})) == {
        STRANGE: [STRANGE, 2**53, -0.1, True, None, {}]
    }
    assert json_text({"b": "Größe", "a": 1.0}) == '{"b":"Größe","a":1.0}'


def test_days_instants_amounts_and_ids_are_text() -> None:
    values = [date(2026, 7, 1), datetime(2026, 7, 1, 8, 0, 0, 5, tzinfo=UTC), Decimal("1.10"), UUID(int=1)]
    assert json_text(values) == (
        '["2026-07-01","2026-07-01T08:00:00.000005+00:00","1.10","00000000-0000-0000-0000-000000000001"]'
    )


@pytest.mark.parametrize("value", [object(), {1: 2}, {"a": {1}}, "\ud800", 2**64])
def test_what_json_cannot_hold_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        json_text(value)
