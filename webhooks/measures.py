"""What is counted of deliveries."""

from prometheus_client import Counter

ATTEMPTS = Counter(
    "ordinavo_webhook_attempts",
    "Attempts to deliver, by what became of them: delivered, retry, failed or gone.",
    ("outcome",),
)
