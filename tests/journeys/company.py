"""A company whose outside system sends and listens: what every journey begins with."""

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from standardwebhooks import Webhook

from integrations.models import Feature
from ordinavo.desk.roles import sync_roles
from ordinavo.tenants.models import Role
from ordinavo.tenants.services.members import add_member
from targets.imports.api.schema.operations import EXAMPLES
from tests.api import BASE
from tests.kernel.outbound.receivers import Receiver, Request, answer
from tests.survival.erp import Erp
from tests.survival.stage import Stage, wait
from tests.visits.rows import employee

PASSWORD = "correct horse battery"
MANAGER, EMPLOYEE = "manager@journey.example", "emil@journey.example"


class Moods:
    """How the outside system's receiver feels: it fails at the event types that it `refuses`."""

    def __init__(self) -> None:
        self.refuses: set[str] = set()

    async def behave(self, request: Request) -> None:
        """Answer as the mood is."""
        refused = (request.header("X-Ordinavo-Event-Type") or "") in self.refuses
        await answer(500 if refused else 200)(request)


class Company:
    """A tenant with a manager and an employee; its ERP, and what the ERP's receiver got."""

    def __init__(self, stage: Stage, receiver: Receiver, moods: Moods) -> None:
        self.stage, self.receiver, self.moods = stage, receiver, moods
        self.url = f"http://127.0.0.1:{stage.port}"
        sync_roles()
        self.erp = Erp(stage.port)
        self.tenant = self.erp.tenant
        self.tenant.integration_clients.update(features=[Feature.BILLING_WEBHOOKS.value])
        add_member(tenant=self.tenant, email=_own(MANAGER, self), role=Role.MANAGER, password=PASSWORD)
        member = add_member(
            tenant=self.tenant, email=_own(EMPLOYEE, self), role=Role.EMPLOYEE, password=PASSWORD
        )
        # Journeys happen at any hour.
        self.employee = employee(
            self.tenant, hours=(0, 23), name="Emil Ehlers", user=member.user, language="en"
        )

    @property
    def manager_email(self) -> str:
        """How the manager logs in."""
        return _own(MANAGER, self)

    @property
    def employee_email(self) -> str:
        """How the employee logs in."""
        return _own(EMPLOYEE, self)

    @property
    def today(self) -> str:
        """The day in the company's own zone."""
        return datetime.now(ZoneInfo(self.tenant.time_zone)).date().isoformat()

    # --- The outside system ------------------------------------------------------------------------------
    def subscribe(self, *event_types: str) -> None:
        """Ask to be told, and keep the secret."""
        asked = {"url": self.receiver.url, "eventTypes": list(event_types)}
        made = self.post("/webhooks/subscriptions", asked)
        assert made.status == 201, made.body
        self.secret = made.body["secret"]

    def post(self, path: str, body: Any) -> Any:
        """POST JSON below the base path."""
        return self.erp.exchange("POST", BASE + path, json.dumps(body).encode())

    def get(self, path: str) -> Any:
        """GET below the base path."""
        return self.erp.get(BASE + path)

    def send_target(self, **changed: Any) -> Any:
        """Send the target of the public pages; `planning` of past dates is left out."""
        body = json.loads((EXAMPLES / "inbound-target-with-customer.json").read_bytes())
        del body["planning"]["preferredTimeWindowStart"], body["planning"]["preferredTimeWindowEnd"]
        sent = self.post("/inbound/targets", {**body, **changed})
        assert sent.status == 202, sent.body
        return sent.body

    # --- The receiver ------------------------------------------------------------------------------------
    def told(self, event_type: str, *, seconds: float = 30) -> Any:
        """Wait for a webhook of that type, verify it as an outside system would, and return it."""
        wait(lambda: self._arrived(event_type), f"{event_type} has come", seconds=seconds)
        request = self._arrived(event_type)[-1]
        headers = {
            name: request.header(name) or ""
            for name in ("webhook-id", "webhook-timestamp", "webhook-signature")
        }
        return Webhook(self.secret).verify(request.body, headers)

    def types(self) -> list[str]:
        """The types of all that has come."""
        return [request.header("X-Ordinavo-Event-Type") or "" for request in self.receiver.requests]

    def _arrived(self, event_type: str) -> list[Request]:
        return [one for one in self.receiver.requests if one.header("X-Ordinavo-Event-Type") == event_type]


def _own(email: str, company: Company) -> str:
    """Return an address of this company's own: they are unique in the whole house."""
    return f"{company.tenant.slug}.{email}"


def shown_members(example: Any, told: Any, *, path: str = "") -> dict[str, Any]:
    """Return the values of `told` for every member that `example` shows, by dotted path."""
    if not isinstance(example, dict):
        return {path: told}
    found: dict[str, Any] = {}
    for name, inner in example.items():
        assert isinstance(told, dict), path
        assert name in told, f"{path}.{name} is missing"
        found |= shown_members(inner, told[name], path=f"{path}.{name}".lstrip("."))
    return found
