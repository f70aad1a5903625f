"""Lists whose pages are completed at once: what a page needs beside its rows, in one statement for all."""

from typing import Any, Protocol

from django.http import HttpRequest
from unfold.views import ChangeList


class Completing(Protocol):
    """An admin that completes the rows of a page."""

    def complete(self, rows: list[Any]) -> None:
        """Add to the rows of one page what its columns show."""


class CompletedList(ChangeList):
    """Lets the admin complete the rows of the page."""

    result_list: Any

    def get_results(self, request: HttpRequest) -> None:
        """Read the page, then complete it."""
        super().get_results(request)
        self.result_list = list(self.result_list)
        page: Completing = self.model_admin
        page.complete(self.result_list)
