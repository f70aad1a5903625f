"""Two tenants that are full of rows, and people who look at the first one."""

from tests.admin.conftest import Rows, _roles, log_in, operator, ours, theirs

__all__ = ["Rows", "_roles", "log_in", "operator", "ours", "theirs"]
