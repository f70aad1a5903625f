"""A small receiver for development: verifies what arrives and prints it."""
