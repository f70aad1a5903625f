"""The document is valid, complete and handed out to everybody."""

import json
import re
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from openapi_spec_validator import OpenAPIV31SpecValidator

from ordinavo.kernel.api import ApiView
from ordinavo.kernel.errors import DomainError
from ordinavo.kernel.openapi.operations import camel
from ordinavo.kernel.openapi.refusals import CATALOGUE
from ordinavo.kernel.outbound.urls import AddressNotAllowed, UrlNotAllowed
from targets.imports.errors import ItemRefused
from targets.visits.files import FileRefused
from tests.contract.described import Described, schemas

PATH = "/api/connect/v1/openapi.json"
BASE = "api/connect/v1/"


def test_the_document_is_valid_openapi(described: Described) -> None:
    assert described.document["openapi"] == "3.1.1"
    assert list(OpenAPIV31SpecValidator(described.document).iter_errors()) == []


def test_the_export_command_finds_nothing_to_warn_of(tmp_path: Any) -> None:
    exported = tmp_path / "openapi.json"
    options = {"format": "openapi-json", "file": str(exported), "fail_on_warn": True, "validate": True}
    call_command("spectacular", **options)
    assert json.loads(exported.read_text())["info"]["title"] == "Ordinavo Connect API"


def endpoints(resolver: URLResolver, prefix: str = "") -> dict[str, type[ApiView]]:
    found: dict[str, type[ApiView]] = {}
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            found |= endpoints(entry, route)
        elif isinstance(entry, URLPattern) and route.startswith(BASE):
            found[route.removeprefix(BASE)] = entry.callback.cls  # type: ignore[attr-defined]
    return found


def test_every_endpoint_is_described_with_every_method(described: Described) -> None:
    registered = {
        (camel(re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", "/" + route)), method.lower())
        for route, view in endpoints(get_resolver("ordinavo.urls")).items()
        for method in view().allowed_methods
        if method not in {"HEAD", "OPTIONS"}
    }
    assert registered == {(path, method) for path, method, _ in described.operations()}
    assert len(registered) >= 14


def test_every_operation_has_a_name_a_summary_and_a_text(described: Described) -> None:
    operations = [operation for _, _, operation in described.operations()]
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z]+[A-Za-z]+", name) for name in names)
    assert all(operation["summary"] and operation["description"] for operation in operations)
    known = {tag["name"] for tag in described.document["tags"]}
    assert all(set(operation["tags"]) <= known for operation in operations)


def test_every_member_of_every_schema_is_described(described: Described) -> None:
    bare = [
        f"{path}/{name}"
        for path, schema in schemas(described.document["components"]["schemas"])
        for name, member in schema["properties"].items()
        if not described.resolved(member).get("description") and not member.get("description")
    ]
    assert bare == []


def test_every_text_of_a_request_has_a_limit_and_every_field_an_example(described: Described) -> None:
    payloads = {n: s for n, s in described.document["components"]["schemas"].items() if n.endswith("Payload")}
    fields = {
        f"{name}.{member}": schema
        for name, payload in payloads.items()
        for member, schema in payload["properties"].items()
        if "oneOf" not in schema
    }
    assert len(fields) >= 50
    assert [name for name, schema in fields.items() if not schema.get("examples")] == []
    unlimited = {
        name
        for name, schema in fields.items()
        if "string" in schema["type"] and not schema.keys() & {"maxLength", "format", "enum"}
    }
    assert unlimited == set()
    assert all(payload["additionalProperties"] is True for payload in payloads.values())


def test_every_field_of_a_request_but_the_external_id_may_be_null(described: Described) -> None:
    payloads = [s for n, s in described.document["components"]["schemas"].items() if n.endswith("Payload")]
    firm = [
        name
        for payload in payloads
        for name, schema in payload["properties"].items()
        if described.faults(None, schema)
    ]
    assert firm == ["externalId"]
    assert [payload.get("required", []) for payload in payloads if payload.get("required")] == [
        ["externalId"]
    ]


def test_every_example_fits_its_schema(described: Described) -> None:
    checked = 0
    for path, _, operation in described.operations():
        answers = [described.resolved(answer) for answer in operation["responses"].values()]
        for part in [*answers, operation.get("requestBody", {})]:
            for media in part.get("content", {}).values():
                for name, reference in media.get("examples", {}).items():
                    value = described.resolved(reference)["value"]
                    assert described.faults(value, media["schema"]) == [], (path, name)
                    checked += 1
    assert checked > 50


def test_every_example_of_a_field_fits_its_schema(described: Described) -> None:
    for path, schema in schemas(described.document["components"]["schemas"]):
        for name, member in schema["properties"].items():
            for value in member.get("examples", ()):
                assert described.faults(value, member) == [], f"{path}/{name}"


def kinds(error: type[DomainError]) -> set[type[DomainError]]:
    return {error}.union(*(kinds(inner) for inner in error.__subclasses__()))


def test_every_error_code_is_described_with_its_status() -> None:
    ours = {kind for kind in kinds(DomainError) if not kind.__module__.startswith("tests")}
    # These are told as faults of an item or a field, or on a phone, never as the code of an answer.
    inner = {DomainError, ItemRefused, AddressNotAllowed, UrlNotAllowed, FileRefused}
    raised = {(kind.status, kind.code) for kind in ours - inner}
    assert raised == {(one.status, code) for code, one in CATALOGUE.items()}


def test_every_operation_shows_its_scope(described: Described) -> None:
    shown = {
        operation["operationId"]: [entry["apiKey"] for entry in operation["security"]]
        for _, _, operation in described.operations()
    }
    assert shown == {
        "getDocs": [],
        "getOpenApiDocument": [],
        "getIntegrationHealth": [["integration.health.read"]],
        "importTarget": [["inbound.targets.write"]],
        "importTargetBatch": [["inbound.targets.batch.write"]],
        "listImportJobs": [["import_jobs.read"]],
        "getImportJob": [["import_jobs.read"]],
        "listImportJobItems": [["import_jobs.read"]],
        "getImportJobErrors": [["import_jobs.read"]],
        "cancelImportJob": [["inbound.targets.batch.write"]],
        "retryImportJob": [["inbound.targets.batch.write"]],
        "listTargets": [["targets.read"]],
        "getTarget": [["targets.read"]],
        "createRouteSuggestion": [["route_suggestions.create"]],
        "listRouteSuggestions": [["route_suggestions.read"]],
        "getRouteSuggestion": [["route_suggestions.read"]],
        "listTargetTemplates": [["inbound.targets.write"], ["inbound.targets.batch.write"]],
        "listWebhookEventTypes": [["webhooks.read"]],
        "listWebhookSubscriptions": [["webhooks.read"]],
        "createWebhookSubscription": [["webhooks.manage"]],
        "getWebhookSubscription": [["webhooks.read"]],
        "changeWebhookSubscription": [["webhooks.manage"]],
        "deleteWebhookSubscription": [["webhooks.manage"]],
        "rotateWebhookSecret": [["webhooks.manage"]],
        "endWebhookSecretOverlap": [["webhooks.manage"]],
        "testWebhookSubscription": [["webhooks.manage"]],
        "replayWebhookSubscription": [["webhooks.manage"]],
        "listWebhookDeliveries": [["webhook_deliveries.read"]],
        "getWebhookDelivery": [["webhook_deliveries.read"]],
        "redeliverWebhook": [["webhooks.manage"]],
    }


def test_everybody_gets_the_document_and_may_keep_it(client: Client, described: Described) -> None:
    answer = client.get(PATH)
    described.check(answer, "get", "/openapi.json")
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert "Vary" not in answer.headers
    again = client.get(PATH, headers={"If-None-Match": answer.headers["ETag"]})
    described.check(again, "get", "/openapi.json")
    assert (again.status_code, again.headers["ETag"]) == (304, answer.headers["ETag"])
    assert client.head(PATH).status_code == 200


@pytest.mark.parametrize("path", [PATH, "/api/connect/v1/docs"])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_other_methods_are_refused_in_the_one_shape(client: Client, path: str, method: str) -> None:
    answer = getattr(client, method)(path)
    assert answer.status_code == 405
    assert answer.json()["error"]["code"] == "method_not_allowed"
    assert answer.headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", [PATH, "/api/connect/v1/docs"])
def test_a_wrong_key_or_a_strange_accept_header_changes_nothing(client: Client, path: str) -> None:
    headers = {"Authorization": "Bearer nonsense", "Accept": "image/png"}
    assert client.get(path, headers=headers).status_code == 200


@pytest.mark.parametrize("path", ["/openapi.json", "/docs"])
def test_a_nul_in_the_query_is_refused_as_described(client: Client, described: Described, path: str) -> None:
    answer = client.get("/api/connect/v1" + path, {"q": "\0"})
    described.check(answer, "get", path)
    assert answer.status_code == 400
