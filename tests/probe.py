"""Endpoints and paths that only tests have: each does one thing that the real ones do among others."""

import time

from django.db import OperationalError
from django.urls import include, path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from integrations.grants import grant_of
from integrations.idempotency import idempotent
from integrations.scopes import Scope
from ordinavo.kernel.api import ApiView, endpoint, json_object
from ordinavo.kernel.errors import Conflict
from ordinavo.tenants.services.audit import record_audit


class Notes(ApiView):
    """Writes down the key in the body, and answers as the body's `then` says."""

    required_scopes = {"POST": Scope.TARGETS_WRITE}

    def authorize_body(self, request: Request) -> None:
        needed = json_object(request).get("needs")
        if needed:
            grant_of(request).require(Scope(needed))

    @idempotent
    def post(self, request: Request) -> Response:
        body = json_object(request)
        time.sleep(body.get("seconds", 0))
        tenant = grant_of(request).tenant
        note = record_audit(tenant=tenant, actor=None, action=body["key"], subject=tenant)
        answer = {"id": note.id, "key": note.action, "name": "é", "at": time.time_ns()}
        match body.get("then"):
            case "refuse":
                return Response(answer, status=422)
            case "raise":
                raise Conflict("No.")
            case "fail":
                raise ValueError("inside")
            case "nothing":
                return Response(status=204)
        return Response(answer, status=201, headers={"Location": f"/notes/{note.id}"})

    @idempotent
    def patch(self, request: Request) -> Response:
        return Response({"at": time.time_ns()})


class Echo(ApiView):
    """Gives the body back."""

    required_scopes = {"POST": (Scope.TARGETS_WRITE, Scope.TARGETS_BATCH_WRITE), "GET": Scope.TARGETS_READ}

    def get(self, request: Request) -> Response:
        return Response({"query": request.query_params})

    def post(self, request: Request) -> Response:
        return Response(json_object(request))


class _Person(serializers.Serializer):
    name = serializers.CharField(max_length=5)


class _Team(serializers.Serializer):
    lead = _Person()
    people = _Person(many=True)


class Faults(ApiView):
    """Raises what is named in the path."""

    def get(self, request: Request, kind: str) -> Response:
        if kind == "database":
            raise OperationalError("connection to server at 10.0.0.1 failed")
        if kind == "serializer":
            _Team(data={"lead": {"name": "too long"}, "people": [{"name": "A"}, {}]}).is_valid(
                raise_exception=True
            )
        raise RuntimeError("secret inside")


urlpatterns = [
    endpoint("api/connect/v1/notes", Notes, "notes"),
    endpoint("api/connect/v1/echo", Echo, "echo"),
    endpoint("api/connect/v1/faults/<kind>", Faults, "faults"),
    path("", include("ordinavo.urls")),
]

handler400 = "ordinavo.kernel.api_errors.bad_request"
handler404 = "ordinavo.kernel.api_errors.not_found"
handler500 = "ordinavo.kernel.api_errors.server_error"
