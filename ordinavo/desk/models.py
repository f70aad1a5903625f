"""The desk has no tables; this module makes Django tell it when migrations are through."""
