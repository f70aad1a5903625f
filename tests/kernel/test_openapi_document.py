"""The OpenAPI document under the first requests of a web process, which come at the same moment."""

import subprocess
import sys

# A process of its own: in this one the registries have been filled long ago.
FIRST_REQUESTS = """
import django
django.setup()
from concurrent.futures import ThreadPoolExecutor
from ordinavo.kernel.openapi.document import document
with ThreadPoolExecutor(8) as pool:
    made = [pool.submit(document) for _ in range(8)]
print(len({one.result().etag for one in made}))
"""


def test_eight_first_readers_get_one_document() -> None:
    command = [sys.executable, "-c", FIRST_REQUESTS]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (answer.stdout.strip(), answer.returncode) == ("1", 0), answer.stderr
