"""Asking a routing server, and doing without it."""
