"""Colours of import states, by the label that is shown (unfold's names of colours)."""

JOB_STATUS = {
    "Accepted": "info",
    "Processing": "primary",
    "Completed": "success",
    "Partially failed": "warning",
    "Failed": "danger",
}
ITEM_STATUS = {"Imported": "success", "Rejected": "danger", "Skipped": "warning", "Pending": "info"}
MAPPING_STATUS = {
    "Needs review": "warning",
    "Partially mapped": "warning",
    "Created": "success",
    "Mapped": "success",
}
