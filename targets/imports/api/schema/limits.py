"""How large a batch may be, and how much of it is answered at once."""

MOST_ITEMS = 10_000
MOST_FORETOLD = 1_000
LISTED = 100
