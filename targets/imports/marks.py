"""Which kind of badge the states of imports get, by the label that is shown."""

JOB_STATUS = {
    "Accepted": "info",
    "Processing": "info",
    "Completed": "good",
    "Partially failed": "warn",
    "Failed": "bad",
}
ITEM_STATUS = {"Imported": "good", "Rejected": "bad", "Skipped": "warn", "Pending": "info"}
REVIEW_STATUS = {"Open": "warn", "Linked": "good", "Created": "good", "Dismissed": "info"}
MAPPING_STATUS = {
    "Needs review": "warn",
    "Partially mapped": "warn",
    "Created": "good",
    "Mapped": "good",
}
