"""Filters for admin templates."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from ordinavo.kernel.admin import show

register = template.Library()


@register.filter
def ord_mark(text: object, kind: str = "") -> SafeString:
    """Return a small badge: `good`, `bad`, `warn`, `info` or plain."""
    return show.mark(str(text), kind)


@register.filter
def ord_refused(count: int) -> SafeString:
    """Return how many were refused, as a badge."""
    return show.mark(f"{count} rejected", "bad")


@register.filter
def ord_words(code: str) -> str:
    """Return a code as words."""
    return show.words(code).lower()


@register.filter
def ord_link(row: Any) -> SafeString | str:
    """Return a link to the page of a row, or a dash."""
    return show.link_to(row)
