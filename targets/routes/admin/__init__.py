"""Route suggestions: asking, watching, understanding, changing, publishing."""

from targets.routes.admin import suggestions

__all__ = ["suggestions"]
