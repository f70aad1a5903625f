import re

from tests import factories
from tests.api import Api


def test_health_tells_a_client_how_it_is_known(api: Api) -> None:
    answer = api.get("/integration/health")
    body = answer.json()
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", body.pop("serverTimeUtc"))
    assert body == {
        "status": "ok",
        "apiVersion": "v1",
        "environment": "live",
        "integrationClient": api.client.name,
        "sourceSystem": "logistics_erp",
        "scopes": api.client.scopes,
    }


def test_health_tells_a_test_client_apart(api: Api) -> None:
    tester = Api(factories.client(factories.twin(api.client.tenant)))
    assert tester.get("/integration/health").json()["environment"] == "test"
