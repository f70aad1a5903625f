"""A Django database backend: PostgreSQL, as Django knows it, for connections that are kept."""
