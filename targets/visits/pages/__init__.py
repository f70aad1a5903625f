"""MyDay: what employees see on their phones."""
