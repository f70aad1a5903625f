"""Typed doors to unfold's decorators, which have no types."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, TypeVar, cast

from unfold.decorators import action, display

from ordinavo.kernel.admin.show import mark

Method = TypeVar("Method", bound=Callable[..., Any])


def column(
    description: str, *, marks: dict[str, str] | None = None
) -> Callable[[Callable[[Any, Any], Any]], Callable[[Any, Any], Any]]:
    """Name a method that shows a value; `marks` (text → kind of badge) makes every text a badge."""

    def decorate(method: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
        shown = method if marks is None else _marked(method, marks)
        return cast("Callable[[Any, Any], Any]", display(description=description)(shown))

    return decorate


def _marked(method: Callable[[Any, Any], Any], marks: dict[str, str]) -> Callable[[Any, Any], Any]:
    @wraps(method)
    def badge(page: Any, row: Any) -> str:
        text = method(page, row)
        return mark(text, marks.get(text, "")) if text else ""

    return badge


def lever(description: str, *, icon: str, permissions: Sequence[str]) -> Callable[[Method], Method]:
    """Make a method a button on a row's page, for those who have the permissions."""
    decorate = action(description=description, icon=icon, permissions=permissions)
    return cast("Callable[[Method], Method]", decorate)


def batch_lever(description: str, *, permissions: Sequence[str]) -> Callable[[Method], Method]:
    """Make a method an action on the selected rows of a list, for those who have the permissions."""
    decorate = action(description=description, permissions=permissions)
    return cast("Callable[[Method], Method]", decorate)
