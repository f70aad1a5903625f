"""What MyDay speaks to an employee."""

from targets.visits.models import Employee


def choose_language(*, employee: Employee, language: str) -> Employee:
    """Let MyDay speak another language from now on; `language` is one of `Language`."""
    employee.language = language
    employee.save(update_fields=["language", "updated_at"])
    return employee
