"""Takes the pictures of the README from a running product."""
