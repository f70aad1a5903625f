"""The demo tenant: what it holds (`data`), and how it comes into being (`seed`)."""
