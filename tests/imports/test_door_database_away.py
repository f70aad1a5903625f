"""The database goes away: before a request, and in the middle of one."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction

from customers.models import Customer
from targets.imports.models import ImportJob
from targets.models import Target
from tests.api import Api
from tests.imports.sending import assert_error_shape, result, send
from tests.imports.waiting import Waiting


def _assert_unavailable(status: int, headers: dict[str, str], error: dict[str, Any]) -> None:
    assert (status, error["code"]) == (503, "unavailable")
    assert int(headers["Retry-After"]) == error["retryAfterSeconds"] > 0


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_dies_in_the_middle_leaves_nothing_and_says_when_to_come_back(api: Api) -> None:
    send(api, title="First")
    ImportJob.objects.all().delete()
    second = Waiting(lambda: send(api, title="Second", customer={"externalId": "C", "name": "A"}))
    with transaction.atomic(), connection.cursor() as cursor:
        Target.objects.select_for_update().get()
        cursor.execute("SELECT pg_terminate_backend(%s)", [second.start()])
        answer = second.answer()

    _assert_unavailable(answer.status_code, dict(answer.headers), assert_error_shape(answer))
    assert Target.objects.get().title == "First"
    assert not ImportJob.objects.exists()
    assert not Customer.objects.exists()
    assert result(send(api, title="Second")) == "Updated"


ASK = """
import json, django
django.setup()
from django.test import Client
from integrations import keys
headers = {"Authorization": "Bearer " + keys.new_key("live")}
answer = Client(raise_request_exception=False).post(
    "/api/connect/v1/inbound/targets", {"externalId": "T", "title": "t"}, "application/json", headers=headers
)
print(json.dumps([answer.status_code, dict(answer.headers), answer.json()["error"]]))
"""


def test_without_a_database_the_answer_is_503_and_tells_nothing_of_it(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": f"postgresql://somebody@/ordinavo?host={tmp_path}",
        "DJANGO_SETTINGS_MODULE": "ordinavo.settings",
        "SECRET_KEY": settings.SECRET_KEY,
        "FIELD_KEYS": ",".join(settings.FIELD_KEYS),
        "ALLOWED_HOSTS": "testserver",
        "HTTPS": "no",
    }
    done = subprocess.run(
        [sys.executable, "-c", ASK], env=environment, capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 0, done.stderr
    _assert_unavailable(*json.loads(done.stdout))
    assert "somebody" not in done.stdout
    assert str(tmp_path) not in done.stdout
