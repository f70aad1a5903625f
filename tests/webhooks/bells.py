"""What waits in the broker's queue of the webhooks."""

import json

from ordinavo.kernel.redis import client


def waiting_bells() -> list[str]:
    """The names of the tasks that wait."""
    return [json.loads(message)["headers"]["task"] for message in client().lrange("webhooks", 0, -1)]
