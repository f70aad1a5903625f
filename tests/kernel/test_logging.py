import json
import logging
import sys

import pytest
from structlog.stdlib import ProcessorFormatter

from ordinavo.kernel.logging import logging_config


def _logged(style: str) -> str:
    """Return the line of an error that was raised while a secret stood in a local variable."""
    formatter = dict(logging_config(level="INFO", style=style)["formatters"]["structured"])
    assert formatter.pop("()") is ProcessorFormatter
    try:
        secret = "fio_live_" + "s3cret"
        raise ValueError(f"a key of {len(secret)} characters")
    except ValueError:
        record = logging.LogRecord("here", logging.ERROR, "", 0, "Gr\u00fc\u00dfe", None, sys.exc_info())
    return ProcessorFormatter(**formatter).format(record)


@pytest.mark.parametrize("style", ["json", "console"])
def test_a_traceback_shows_the_error_and_no_local_variables(style: str) -> None:
    line = _logged(style)
    assert "ValueError: a key of 15 characters" in line
    assert "s3cret" not in line


def test_a_line_for_programs_is_one_json_object() -> None:
    told = json.loads(_logged("json"))
    assert (told["event"], told["level"], told["logger"]) == ("Gr\u00fc\u00dfe", "error", "here")
    assert "Traceback" in told["exception"]
