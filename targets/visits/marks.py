"""How reports and bills are coloured, by the words that are shown."""

REPORT_STATUS = {"Submitted": "warn", "Approved": "good", "Rejected": "bad"}
RESULT = {
    "Successful": "good",
    "Partly successful": "warn",
    "Not successful": "bad",
    "Customer absent": "bad",
}
BILLING_STATUS = {"Pending": "warn", "Ready": "info", "Sent": "good", "Failed": "bad"}
