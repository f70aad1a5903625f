"""How statuses of suggestions and routes are coloured, by the words that are shown."""

SUGGESTION_STATUS = {
    "Being planned": "info",
    "Draft": "warn",
    "Failed": "bad",
    "Published": "good",
    "Published in part": "warn",
}
ROUTE_STATUS = {"Draft": "warn", "Published": "good"}
