"""How much of the API a client may use (contract section 4)."""

# The length of a window in which its requests are counted.
RATE_WINDOW_SECONDS = 60
# How long a limiter's store that failed is left alone, while all requests pass.
RATE_OUTAGE_SECONDS = 2.0
# Batches of one client that are not worked off yet.
UNFINISHED_BATCHES = 20
