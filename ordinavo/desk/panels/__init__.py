"""The parts of the start page: each asks little of the database, and its numbers lead to their lists."""
