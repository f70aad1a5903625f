"""Pages of log-in: the form, the second factor."""
