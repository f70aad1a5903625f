"""What is counted of limits."""

from prometheus_client import Counter

LIMITED = Counter(
    "ordinavo_limited",
    "Requests that were answered with 429, by the limit: requests, unauthorized or batches.",
    ("limit",),
)
UNLIMITED = Counter(
    "ordinavo_limiter_unavailable",
    "Requests that passed uncounted since a limiter's store was away.",
    ("limiter",),
)
