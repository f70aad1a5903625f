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


@register.filter
def ord_link_as(row: Any, text: object) -> SafeString | str:
    """Return a link to the page of a row, with a text of its own."""
    return show.link_to(row, str(text))


@register.filter
def ord_broken(count: int) -> SafeString:
    """Return how many rules are broken, as a badge."""
    return show.mark(f"{count} rule{'' if count == 1 else 's'} broken", "bad")
