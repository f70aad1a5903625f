"""The description of the inbound API: codes, shapes of answers, operations."""
