"""What an e-mail address says about a business: its domain, unless anybody can have one there."""

import json
from pathlib import Path

_FREE = frozenset(
    json.loads((Path(__file__).with_name("data") / "free_mail.json").read_text(encoding="utf-8"))
)


def business_domain(email_key: str) -> str:
    """Return the domain of a normalised address, or "" if it is none or one of a free-mail provider."""
    _, found, domain = email_key.rpartition("@")
    domain = domain.strip().rstrip(".").removeprefix("www.")
    return domain if found and "." in domain and domain not in _FREE else ""
