"""The description of reading targets: mappings, targets, operations."""
