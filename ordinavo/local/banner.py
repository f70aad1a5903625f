"""What `make run` prints once everything is healthy."""

import json
from pathlib import Path

_API = "/api/connect/v1"
_BODY = (
    '{"externalId":"JOB-1","title":"Maintenance visit",'
    '"customer":{"externalId":"CUST-1","name":"Rhein-Ruhr Medical Supply"},'
    '"location":{"externalId":"LOC-1","street":"Hauptstr. 1","postalCode":"45127",'
    '"city":"Essen","country":"DE"}}'
)


def banner(url: str, demo: Path) -> str:
    """Return the addresses, the demo logins and a first import to paste, read from the seed's credentials."""
    told = json.loads(demo.read_text())
    logins = [f"  {one['role']:<12} {one['email']}  {one['password']}" for one in told["logins"]]
    return "\n".join(
        [
            "",
            "Ordinavo Connect is ready. Ctrl-C ends it.",
            "",
            f"  Admin        {url}/admin/",
            f"  API          {url}{_API}",
            f"  API docs     {url}{_API}/docs",
            "",
            "Demo logins:",
            *logins,
            "",
            f"Demo API key ({told['sourceSystem']}):",
            f"  {told['apiKey']}",
            "",
            "A first import, ready to paste:",
            f"  curl -sS -X POST {url}{_API}/inbound/targets \\",
            f"    -H 'Authorization: Bearer {told['apiKey']}' \\",
            "    -H 'Content-Type: application/json' \\",
            f"    -d '{_BODY}'",
            "",
        ]
    )
